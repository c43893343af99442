"""Names for the arrays that the measurements pass around."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

BLACK_LEVEL = 16
WHITE_LEVEL = 235
"""Limited-range luma of black and white (BT.709); one level is 1/219 of the range between them."""
