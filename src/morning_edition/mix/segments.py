"""pydub's `AudioSegment`, imported so that it never looks for an ffmpeg program.

pydub searches the working folder and the PATH for one while it is imported, warns when there is none, and
would run what it found. Nothing here needs it: sounds come in by `decode` and go out by `mp3`.
"""

import importlib
import importlib.util
import sys
import types
import warnings
from typing import Any

NO_PROGRAM = "morning-edition-runs-no-ffmpeg"


def _import_audio_segment() -> Any:  # noqa: ANN401 - pydub has no types
    """Import pydub's modules one by one, with the search taken out before it is made."""
    spec = importlib.util.find_spec("pydub")
    if spec is None or "pydub" in sys.modules:
        return importlib.import_module("pydub").AudioSegment
    package = types.ModuleType("pydub")
    package.__spec__, package.__path__ = spec, list(spec.submodule_search_locations or ())
    sys.modules["pydub"] = package
    utils: Any = importlib.import_module("pydub.utils")
    utils.get_encoder_name = lambda: NO_PROGRAM
    segment = importlib.import_module("pydub.audio_segment").AudioSegment
    package.AudioSegment = segment  # type: ignore[attr-defined]
    return segment


with warnings.catch_warnings():
    # Python 3.12 remarks upon four of its regular expressions, the first time that it is imported.
    warnings.simplefilter("ignore")
    AudioSegment = _import_audio_segment()
