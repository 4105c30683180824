"""How well footage is put into words, and how well what can't be is withheld. Prints Markdown.

    .venv/bin/python bench/words.py           everything: a quarter of an hour on one core
    .venv/bin/python bench/words.py speech    speech alone
    .venv/bin/python bench/words.py screen    text in pictures alone
    .venv/bin/python bench/words.py hour      memory and time over an hour of sound

It needs the extra purport[speech], which the development environment has, and espeak-ng (the Debian package).
Nothing here is anybody's: the sentences are invented and spoken by espeak-ng, the lines are drawn. So the numbers say
how the parts work together and where the bounds lie, not how well a human voice on a windy square is understood.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from purport.footage import onscreen, speech
from purport.footage.ears import Ear, Utterance, Whisper, weights
from purport.footage.sound import RATE, Block

Samples = NDArray[np.float32]
Grey = NDArray[np.uint8]

# the ten sentences that word error is measured on; no bound was set by them
TEN = (
    "The harbour office said on Tuesday that two boats had left the pier before dawn.",
    "We will come back, and no fence will keep us out of our own fields.",
    "Nobody has told the families where the buses were going.",
    "The minister denied that the bridge had been closed on his orders.",
    "Three witnesses described a loud noise and then a column of grey smoke.",
    "This is the square in front of the old market, filmed in the early morning.",
    "Our commander promised that every prisoner would be home by winter.",
    "They accuse the company of hiding the test results for two years.",
    "You can see the water rising behind the wall and the people running uphill.",
    "I ask the council to open the road and let the doctors through.",
)
# those that the bounds in speech.py were set by
OTHERS = (
    "The mayor has not answered our letters since the beginning of the month.",
    "A spokesman for the railway said the line would stay closed until Friday.",
    "They came at night with trucks and took the machines out of the hall.",
    "Doctors at the hospital say they have treated more than forty people.",
    "It is not true that we asked for money before we let them go.",
    "The court will hear the case again in the second week of October.",
    "Farmers from the valley blocked the road with their tractors.",
    "If the dam breaks, the lower town has less than an hour.",
    "The company says its drivers were told to keep away from the border.",
    "She saw two men in grey coats walk out of the side door.",
)
VOICES = (("en-us", 150), ("en-gb", 150), ("en-us", 180), ("en-gb-x-rp", 140))
FOREIGN = {
    "ar": ("قال الوزير إن الطريق سيبقى مغلقا حتى يوم الجمعة", "لم يخبر أحد العائلات إلى أين كانت الحافلات ذاهبة"),
    "cmn": ("部长说这条路将一直关闭到星期五", "没有人告诉家属公共汽车开往哪里"),
    "de": (
        "Der Minister sagte, die Straße bleibe bis Freitag gesperrt, und niemand wisse, warum.",
        "Niemand hat den Familien gesagt, wohin die Busse gefahren sind.",
    ),
    "es": (
        "El ministro dijo que la carretera seguirá cerrada hasta el viernes.",
        "Nadie les dijo a las familias adónde iban los autobuses.",
    ),
    "fa": ("وزیر گفت که جاده تا روز جمعه بسته می‌ماند", "هیچ کس به خانواده‌ها نگفت اتوبوس‌ها به کجا می‌روند"),
    "fr": (
        "Le ministre a dit que la route resterait fermée jusqu'à vendredi.",
        "Personne n'a dit aux familles où allaient les autobus.",
    ),
    "hi": ("मंत्री ने कहा कि सड़क शुक्रवार तक बंद रहेगी", "किसी ने परिवारों को नहीं बताया कि बसें कहाँ जा रही थीं"),
    "it": (
        "Il ministro ha detto che la strada resterà chiusa fino a venerdì.",
        "Nessuno ha detto alle famiglie dove andavano gli autobus.",
    ),
    "pl": (
        "Minister powiedział, że droga pozostanie zamknięta do piątku.",
        "Nikt nie powiedział rodzinom, dokąd jechały autobusy.",
    ),
    "ru": ("Министр сказал, что дорога будет закрыта до пятницы.", "Никто не сказал семьям, куда ехали автобусы."),
    "sw": (
        "Waziri alisema barabara itabaki imefungwa hadi Ijumaa.",
        "Hakuna aliyeziambia familia mabasi yalikuwa yanaenda wapi.",
    ),
    "tr": (
        "Bakan, yolun cuma gününe kadar kapalı kalacağını söyledi.",
        "Kimse ailelere otobüslerin nereye gittiğini söylemedi.",
    ),
    "uk": ("Міністр сказав, що дорога буде закрита до п'ятниці.", "Ніхто не сказав родинам, куди їхали автобуси."),
}


# no bound was set by these
UNSEEN = {
    "el": ("Ο υπουργός είπε ότι ο δρόμος θα μείνει κλειστός.", "Τρεις μάρτυρες είδαν μια στήλη καπνού."),
    "id": ("Menteri mengatakan jalan itu akan tetap ditutup.", "Tiga saksi melihat kepulan asap kelabu."),
    "nl": ("De minister zei dat de weg gesloten blijft.", "Drie getuigen zagen een kolom grijze rook."),
    "pt": ("O ministro disse que a estrada continuará fechada.", "Três testemunhas viram uma coluna de fumaça."),
    "ro": ("Ministrul a spus că drumul va rămâne închis.", "Trei martori au văzut o coloană de fum."),
    "sv": ("Ministern sade att vägen förblir stängd.", "Tre vittnen såg en pelare av grå rök."),
}


def spoken(words: str, accent: str, speed: int = 150) -> Samples:
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "voice.wav"
        subprocess.run(["espeak-ng", "-v", accent, "-s", str(speed), "-w", str(out), words], check=True)
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        with av.open(str(out)) as container:
            pieces = [one.to_ndarray().reshape(-1) for f in container.decode(audio=0) for one in resampler.resample(f)]
    return np.concatenate(pieces).astype(np.float32)


def noisy(sound: Samples, decibels: float) -> Samples:
    """The sound with white noise so many decibels below it."""
    noise = np.random.default_rng(1).standard_normal(len(sound))
    power = float((sound**2).mean()) / 10 ** (decibels / 10)
    return (sound + noise * power**0.5).astype(np.float32)


def plain(text: str) -> list[str]:
    kept = "".join(c if c.isalnum() or c == "'" else " " for c in text.casefold())
    return kept.replace("harbor", "harbour").replace("gray", "grey").split()


def errors(said: Sequence[str] | str, heard: Sequence[str] | str) -> int:
    """Substitutions, insertions and deletions (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, one in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (one != other))
    return row[-1]


class Remembering:
    """An ear that puts the same sound into words once, so that it can be judged by several bounds."""

    def __init__(self, ear: Whisper) -> None:
        self._ear, self._heard = ear, dict[tuple[int, int], list[Utterance]]()
        self.version, self.only, self.voiced, self.language = ear.version, ear.only, ear.voiced, ear.language

    def words(self, samples: Samples, language: str) -> Iterator[Utterance]:
        key = (len(samples), hash(samples.tobytes()))
        if key not in self._heard:
            self._heard[key] = list(self._ear.words(samples, language))
        yield from self._heard[key]


def hearing(
    ear: Ear, sound: Samples, sure: float = speech.SURE, all_of_it: bool = False, circles: float = speech.CIRCLES
) -> tuple[str, float, float]:
    """Words asserted, seconds of them, seconds of voice; without any bounds for `all_of_it`."""
    bounds, doubt = (speech.SURE, speech.CIRCLES), speech.doubt
    speech.SURE, speech.CIRCLES = sure, circles
    if all_of_it:
        speech.doubt = lambda one, voices: ("", "")
    made = speech.Hearing(ear)
    made.take(Block(0.0, sound))
    heard = made.done()
    (speech.SURE, speech.CIRCLES), speech.doubt = bounds, doubt
    return " ".join(one.text for one in heard.said), sum(one.end - one.start for one in heard.said), heard.voiced


def speech_tables(ear: Ear) -> None:
    print("| spoken | sentences | word error, all that the model gives | asserted | word error of the asserted |")
    print("|---|---|---|---|---|")
    sets = [("the ten sentences", TEN, None), ("ten others", OTHERS, None)]
    sets += [(f"the others, noise {level:.0f} dB below", OTHERS, level) for level in (20.0, 10.0, 5.0, 0.0)]
    made = {name: list(english(sentences, level)) for name, sentences, level in sets}
    for name, sounds in made.items():
        _, _, wrong = judged(ear, sounds, 0.0, True)
        kept, _, kept_wrong = judged(ear, sounds, speech.SURE)
        print(f"| {name} | {len(sounds)} | {wrong} | {kept} | {kept_wrong} |", flush=True)
    print()
    print("| no English | sounds | with English asserted | seconds of voice | seconds asserted |")
    print("|---|---|---|---|---|")
    others = dict(nothing_english())
    unseen = [spoken(words, accent, speed) for accent in UNSEEN for words in UNSEEN[accent] for speed in (140, 170)]
    for name, sounds in (*others.items(), (f"unseen when the bounds were set: {', '.join(UNSEEN)}", unseen)):
        told = [hearing(ear, sound) for sound in sounds]
        wrong = sum(bool(text) for text, _, _ in told)
        voiced, asserted = (sum(one[k] for one in told) for k in (2, 1))
        print(f"| {name} | {len(told)} | {wrong} | {voiced:.0f} | {asserted:.0f} |", flush=True)
    print()
    print(
        "| bound on confidence | clean, asserted | word error | noisy, asserted | word error | no English, asserted |"
    )
    print("|---|---|---|---|---|---|")
    clean = made["ten others"]
    noisy = [pair for name in made if "noise" in name for pair in made[name]]
    foreign = [sound for sounds in others.values() for sound in sounds]
    for bound in (0.4, 0.45, 0.49, 0.52, 0.55, 0.58, 0.62):
        wrong = sum(bool(hearing(ear, sound, bound)[0]) for sound in foreign)
        shown = [
            f"{kept} of {count} | {error}" for kept, count, error in (judged(ear, s, bound) for s in (clean, noisy))
        ]
        print(f"| {bound} | {' | '.join(shown)} | {wrong} of {len(foreign)} |", flush=True)
    print()
    print("| bound on repetition | no English, asserted |")
    print("|---|---|")
    for bound in (2.0, 2.4, 3.0, 4.0, 6.0, 100.0):
        wrong = sum(bool(hearing(ear, sound, circles=bound)[0]) for sound in foreign)
        print(f"| {bound} | {wrong} of {len(foreign)} |", flush=True)


def english(sentences: Sequence[str], level: float | None) -> Iterator[tuple[str, Samples]]:
    for sentence in sentences:
        for accent, speed in VOICES:
            sound = spoken(sentence, accent, speed)
            yield sentence, sound if level is None else noisy(sound, level)


def judged(
    ear: Ear, sounds: Sequence[tuple[str, Samples]], sure: float, all_of_it: bool = False
) -> tuple[int, int, str]:
    """Of how many sounds words are asserted, of how many there are, and the word error of those."""
    kept = wrong = total = 0
    for sentence, sound in sounds:
        text = hearing(ear, sound, sure, all_of_it)[0]
        if text or all_of_it:
            kept, total = kept + 1, total + len(plain(sentence))
            wrong += errors(plain(sentence), plain(text))
    return kept, len(sounds), f"{100 * wrong / total:.1f} %" if total else "–"


def nothing_english() -> Iterator[tuple[str, list[Samples]]]:
    yield (
        ", ".join(FOREIGN),
        [spoken(words, accent, speed) for accent in FOREIGN for words in FOREIGN[accent] for speed in (140, 170)],
    )
    yield "English backwards", [spoken(words, "en-us")[::-1].copy() for words in OTHERS]
    pairs = [(spoken(one, "en-us"), spoken(other, "en-gb")) for one, other in zip(OTHERS, TEN, strict=True)]
    yield (
        "two voices at once",
        [one[: min(map(len, (one, two)))] + two[: min(map(len, (one, two)))] for one, two in pairs],
    )
    clock = np.arange(20 * RATE) / RATE
    noise = np.random.default_rng(2).standard_normal(len(clock))
    yield (
        "no voice: silence, noise, tone, chord, siren, bangs",
        [
            sound.astype(np.float32)
            for sound in (
                np.zeros(len(clock)),
                0.1 * noise,
                0.3 * np.sin(2 * np.pi * 440 * clock),
                0.1 * sum(np.sin(2 * np.pi * pitch * clock) for pitch in (220, 277, 330)),
                0.3 * np.sin(2 * np.pi * 700 * clock - 300 * np.cos(2 * np.pi * 0.5 * clock)),
                0.6 * noise * np.exp(-((clock % 1.3) * 12)),
            )
        ],
    )


LINES = (
    "Residents of Ostrel leave the harbour", "CAPT. MIRA HOLT, HARBOUR OFFICE", "LIVE  Port Hale", "18:04:37",
    "Source: Northwire / J. Ardan", "3 May 2031, 06:40 local time", "The ministry denies the report",
    "Exclusive: the pier before the fire", "Footage released by the Varnian Relief Group", "© Lakeside Television 2031",
    "2,400 households without water", "Temperature -12 °C at dawn", "BREAKING: bridge closed until Friday",
    "Voice of: Tomas Reyl, teacher", "Translated from the Norlandish", "Council votes 14 to 9", "Unit 7, north gate",
    "Archive pictures", "Kirell Street, looking east", "The video could not be verified",
    "No entry - danger of collapse",
    "Price of bread up 38% since March", "Call 0800 555 014 for help", "Day 12 of the strike", "“We will come back”",
    "Filmed with a phone by a passer-by", "Map: river Osk and the lower town", "Recorded on tape 3, side B",
    "Dr. Elin Marsh, University of Hale", "Two boats missing since Tuesday", "SUBSCRIBE @portsidenews",
    "Army: “no shots were fired”", "www.harbour-office.example", "Prisoners to be home by winter", "Part 2 of 3",
    "Vehicle plate HX 4471 K",
)  # fmt: skip
# size in pixels at a height of 360, ink, band behind it (-1: none)
STYLES = {
    "lower third, dark on white": (22, 20, 235),
    "lower third, white on black": (22, 245, 20),
    "white on the scene, large": (28, 250, -1),
    "white on the scene": (18, 250, -1),
    "small": (12, 250, 25),
    "very small": (8, 250, 25),
    "faint: 40 levels from its ground": (20, 130, 90),
    "very faint: 15 levels": (20, 105, 90),
}


def drawn(text: str, size: int, ink: int, band: int, seed: int) -> Grey:
    raw = np.random.default_rng(seed).standard_normal((360, 640)).astype(np.float32)
    soft = cv2.GaussianBlur(raw, (0, 0), 12)
    image = Image.fromarray(np.clip(90 + 25 * soft / soft.std(), 0, 255).astype(np.uint8))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    at = (40, 290)
    if band >= 0:
        left, top, right, bottom = pen.textbbox(at, text, font=font)
        pen.rectangle((left - 10, top - 6, right + 10, bottom + 6), fill=band)
    pen.text(at, text, fill=ink, font=font)
    return np.asarray(image)


def squeezed(pictures: Sequence[Grey], crf: int) -> list[Grey]:
    """The pictures after H.264, as they would come off the web."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "film.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=1)
            stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
            stream.options = {"crf": str(crf), "g": "1"}
            for picture in pictures:
                frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        with av.open(str(path)) as container:
            return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def screen_table() -> None:
    print("| lines | asserted | characters right of the asserted | wrong by over a tenth | withheld | not found |")
    print("|---|---|---|---|---|---|")
    shown: list[tuple[float, float]] = []
    for name, (size, ink, band) in STYLES.items():
        for crf in (23, 35):
            row = [0, 0, 0, 0]  # asserted, wrong, withheld, not found
            right = total = 0
            for text, picture in zip(
                LINES, squeezed([drawn(t, size, ink, band, k) for k, t in enumerate(LINES)], crf), strict=True
            ):
                found = onscreen.lines_of(picture)
                line = max(found, key=lambda one: SequenceMatcher(None, one.text, text).ratio(), default=None)
                if line is None:
                    row[3] += 1
                    continue
                wrong = errors(squash(text), squash(line.text)) / len(squash(text))
                shown.append((line.confidence, wrong))
                if line.confidence < onscreen.SURE:
                    row[2] += 1
                    continue
                row[0] += 1
                row[1] += wrong > 0.1
                right += len(squash(text)) - errors(squash(text), squash(line.text))
                total += len(squash(text))
            share = f"{100 * right / total:.1f} %" if total else "–"
            print(f"| {name}, H.264 at {crf} | {row[0]} | {share} | {row[1]} | {row[2]} | {row[3]} |", flush=True)
    print()
    print("| bound on confidence | asserted | of them wrong by more than a tenth | right ones withheld |")
    print("|---|---|---|---|")
    for bound in (0.5, 0.7, 0.8, 0.85, 0.9, 0.95):
        kept = [wrong for confidence, wrong in shown if confidence >= bound]
        lost = sum(wrong <= 0.1 for confidence, wrong in shown if confidence < bound)
        print(f"| {bound} | {len(kept)} | {sum(wrong > 0.1 for wrong in kept)} | {lost} |")


def squash(text: str) -> str:
    """Without spaces, and with one kind of quotation mark and dash: what is counted are letters, figures and signs."""
    return "".join(text.split()).translate(str.maketrans("“”’–—", '""\'--'))


def hour(ear: Ear) -> None:
    """A file of an hour in which somebody speaks a third of the time, heard as any file is."""
    sentence = spoken(OTHERS[1], "en-us")
    minute = np.zeros(60 * RATE, np.float32)
    for start in range(0, 60 * RATE - len(sentence), 3 * len(sentence)):
        minute[start : start + len(sentence)] = sentence
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "hour.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            for _ in range(60):
                file.writeframes((minute * 32767).astype("<i2").tobytes())
        begun, marks = time.process_time(), [5, 15, 30, 45, 59]
        print("| minutes heard | CPU seconds | peak memory, MiB |")
        print("|---|---|---|")

        def told(share: float) -> None:
            if marks and share * 60 >= marks[0]:
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"| {marks.pop(0)} | {time.process_time() - begun:.0f} | {peak:.0f} |", flush=True)

        heard = speech.hear(path, ear, told)
    last = heard.said[-1].start
    print(f"\n{len(heard.said)} stretches said, the last from {last:.2f} s; {len(heard.withheld)} withheld.")


def main() -> None:
    asked = sys.argv[1:] or ["speech", "screen", "hour"]
    if {"speech", "hour"} & set(asked) and not shutil.which("espeak-ng"):
        sys.exit("bench: install espeak-ng (the Debian package of that name), which speaks the sentences")
    if "speech" in asked:
        speech_tables(Remembering(Whisper(weights())))
        print()
    if "screen" in asked:
        screen_table()
        print()
    if "hour" in asked:
        hour(Whisper(weights()))


if __name__ == "__main__":
    main()
