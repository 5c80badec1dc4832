from __future__ import annotations

import pytest

from app.domain.geometry import Point
from app.domain.model import Limits
from app.domain.picture import Detail
from app.domain.region import Region, RegionKind, RegionSend, Treatment
from app.pictures.views import views
from ui.composer.sends_button import WORDS


@pytest.mark.parametrize("multiple", [1, 28])
def test_it_says_that_of_a_picture_its_regions_go_with_a_little_around_them(multiple: int) -> None:
    region = Region(
        id="00000001", kind=RegionKind.RECTANGLE, points=(Point(x=700, y=500), Point(x=740, y=540))
    )
    takes = Limits(longest_side=1024, multiple=multiple, most_pictures=8)
    treatment = Treatment(regions=(region,), sends=RegionSend.CROP)
    (shot,) = views((1600, 1200), treatment, Detail.FIT, takes).shots
    left, top, right, bottom = shot.cut.box
    assert (left < 700, top < 500, right > 740, bottom > 540) == (True,) * 4
    assert "each region with a little around it" in str(WORDS[RegionSend.CROP][1])
