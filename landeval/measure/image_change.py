"""How a parcel changed between two images of one kind: later less earlier."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.imagery import PART, WHOLE

CHANGES = {
    "ndvi_change": "ndvi_mean",
    "ndbi_change": "ndbi_mean",
    "brightness_change": "brightness_mean",
    "image_built_change": "image_built_share",
    "image_bare_change": "image_bare_share",
    "image_vegetated_change": "image_vegetated_share",
    "image_height_change": "image_height_mean",
    "image_tall_change": "image_tall_share",
    "image_night_change": "image_night_mean",
}


def image_changes(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Return the change of every figure, NaN where either image says nothing sound of a parcel.

    Parameters
    ----------
    earlier, later : DataFrame
        Figures of ``measure.imagery.measure``, of the same parcels.

    Returns
    -------
    DataFrame
        ``CHANGES``, and ``image_night_before``.
    """
    sound = earlier["image_state"].isin((WHOLE, PART)) & later["image_state"].isin((WHOLE, PART))
    found = {name: (later[of] - earlier[of]).where(sound) for name, of in CHANGES.items()}
    frame = pd.DataFrame(found, index=later.index)
    return frame.assign(image_night_before=earlier["image_night_mean"].where(sound).astype(np.float64))
