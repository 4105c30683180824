"""Asks pywb for addresses out of a package, as a browser would. Run by .venv-replay's Python, whose pywb it is:

    ask.py PACKAGE PATH...     prints for each PATH (as in 20260901120000id_/http://kest.example/) a line of JSON

The package is taken in by pywb's own `wb-manager`, index and all; nothing is asked of any network.
"""

from gevent.monkey import patch_all

patch_all()

import base64  # noqa: E402
import contextlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402

from pywb.apps.frontendapp import FrontEndApp  # noqa: E402
from pywb.manager.manager import main as manage  # noqa: E402


def ask(app: FrontEndApp, path: str) -> dict[str, object]:
    said: dict[str, object] = {}

    def start(status: str, headers: list[tuple[str, str]], error: object = None) -> None:
        said.update(status=int(status.split()[0]), headers={name.lower(): value for name, value in headers})

    where, _, query = f"/kept/{path}".partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "REQUEST_URI": f"/kept/{path}",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": open(os.devnull, "rb"),  # noqa: SIM115, PTH123
        "wsgi.errors": sys.stderr,
    }
    body = b"".join(app(environ, start))
    return said | {"body": base64.b64encode(body).decode()}


def main() -> None:
    package = os.path.abspath(sys.argv[1])  # noqa: PTH100
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        os.chdir(folder)
        manage(["init", "kept"])
        manage(["add", "--unpack-wacz", "kept", package])
        app = FrontEndApp(config_file="", custom_config={"debug": False})
        found = [ask(app, path) for path in sys.argv[2:]]
    for one in found:
        print(json.dumps(one))


main()
