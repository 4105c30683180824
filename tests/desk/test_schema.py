"""The desk's JSON keeps to what it says of itself: schemathesis asks by the schema, and what the schema forbids."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from ledgers import fill, premises
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig

from purport.desk.app import build

ASKED = 6  # times each address, each way
AT = {"host": "localhost"}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    folder = tmp_path_factory.mktemp("schema")
    here = premises(folder)
    fill(here, folder)
    return schemathesis.openapi.from_asgi("/api/schema", build(here), config=SchemathesisConfig(), headers=AT)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_desk_answers_as_it_says(schema: schemathesis.BaseSchema, mode: GenerationMode) -> None:
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.path_parameters):
            continue  # nothing can be asked wrongly

        @settings(
            max_examples=ASKED,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def answers(case: Case) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers=AT)

        answers()
    assert asked > 30
