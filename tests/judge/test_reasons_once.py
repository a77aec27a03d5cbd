"""What several lines lack is said once in the reason of a class, and by each line in its own finding."""

from bureau import CODES, PARCEL_FIELDS, PARCEL_ROWS, check, delivery
from writers import shapefile, square


def test_an_area_that_nobody_knows_is_said_once(tmp_path):
    inputs = delivery(tmp_path)
    rows = [(*PARCEL_ROWS[0][:2], "1.00", PARCEL_ROWS[0][3]), *PARCEL_ROWS[1:]]
    inputs["parcels"] = shapefile(tmp_path / "小.shp", PARCEL_FIELDS, rows, [square(at) for at in range(3)])
    result = check(**inputs)
    assert result.status.loc[CODES[0], "status"] == "资料不足"
    assert result.status.loc[CODES[0], "reasons"].count("评价面积未知") == 1
    lines = result.findings[
        (result.findings["unit_id"] == CODES[0])
        & result.findings["rule_id"].astype(str).str.startswith("dongkou.")
    ]
    assert len(lines) == 3
    assert lines["reason"].str.startswith("评价面积未知").all()
