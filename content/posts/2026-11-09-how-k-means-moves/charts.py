"""The charts of *How K-Means moves*: vans on a lawn, rings around a fountain, and a survey in unequal units."""

import _groups as groups

from generator.charts import figures

LAWN = {"east": "metres east of the gate", "north": "metres north of the gate"}
FOUNTAIN = {"east": "metres east of the fountain", "north": "metres north of the fountain"}
VANS = {0: "Van 1", 1: "Van 2", 2: "Van 3", 3: "Van 4"}
SOURCE = "an invented park"


def charts(spark):
    vans = groups.vans(spark)
    return {
        "lloyd-steps": good_path(groups.path(spark, groups.WATCHED)),
        "lloyd-unlucky": bad_path(groups.path(spark, groups.UNLUCKY)),
        "elbow": elbow(vans),
        "silhouette": silhouette(vans),
        "rings": rings(groups.fountain(spark, groups.PLACE)),
        "rings-by-distance": rings_by_distance(groups.fountain(spark, ["distance"])),
        "scales-raw": raw_scales(groups.survey(spark, "raw")),
        "scales-standardised": equal_scales(groups.survey(spark, "standard")),
    }


def good_path(path):
    return figures.lloyd(
        path,
        "east",
        "north",
        labels=LAWN,
        names=VANS,
        alt="An animation of K-Means with 180 people in four crowds and four vans. At first two vans stand in one"
        " crowd and one van serves two; after six moves each van stands in the middle of a crowd of its own, of 55,"
        " 50, 39 and 36 people, and the cost has fallen from 987,726 to 284,033.",
        caption="Small symbols are people, large ones vans, the grey lines their way so far. Press play, or take"
        " the slider step by step.",
        source=SOURCE,
    )


def bad_path(path):
    return figures.lloyd(
        path,
        "east",
        "north",
        labels=LAWN,
        names=VANS,
        alt="The same 180 people, four vans from other starting points. After seven moves nothing changes any more:"
        " one van serves 103 people of the two crowds in the north, three vans share the 77 in the south. The cost"
        " is 1,119,059.",
        caption="The same people, another start. At the end no van can better its place, and yet one stands between"
        " two crowds and three are in each other's way.",
        source=SOURCE,
    )


def elbow(vans):
    return figures.elbow(
        vans,
        4,
        title="cost, square metres",
        alt="The cost for two to eight vans: 1,640,698 for two, 881,005 for three, 284,033 for four, and then a"
        " slow fall to 202,389 for eight. The bend is at four.",
        caption="What another van is worth. Up to the fourth, much; from the fifth on, little.",
        source=SOURCE,
    )


def silhouette(vans):
    return figures.silhouette(
        vans,
        4,
        alt="The mean silhouette for two to eight vans: 0.60, 0.67, 0.87 for four, then 0.79, 0.76, 0.66 and 0.54.",
        caption="How well people sit in their groups, on average; 1 is best. The top is at four.",
        source=SOURCE,
    )


def rings(found):
    return figures.scatter_2d(
        found.sample(220),
        "east",
        "north",
        cluster="cluster",
        centres=found.centres,
        equal=True,
        labels=FOUNTAIN,
        alt="220 people: 80 around a fountain, 140 on a ring around them. K-Means, by place, cuts both in half"
        " along one straight line, 119 on one side and 101 on the other.",
        caption="By place. The border between two centres is always a straight line.",
        source=SOURCE,
    )


def rings_by_distance(found):
    return figures.scatter_2d(
        found.sample(220),
        "east",
        "north",
        cluster="cluster",
        equal=True,
        labels=FOUNTAIN,
        names={0: "On the path", 1: "At the fountain"},
        alt="The same 220 people. K-Means, by their distance from the fountain, finds the 140 on the path, 40"
        " metres from it on average, and the 80 at the fountain, 9 metres from it.",
        caption="By distance from the fountain. The picture is the same, the column that K-Means was given is not.",
        source=SOURCE,
    )


def raw_scales(found):
    return figures.scatter_2d(
        found.sample(210),
        "age",
        "income",
        cluster="cluster",
        centres=found.centres,
        labels={"age": "age, years", "income": "income, dollars a year"},
        alt="210 visitors by age and income, in three visible groups: young, middle-aged and old. K-Means on the"
        " raw columns cuts them into three layers by income alone, at about 41,000 and 66,000 dollars: 131, 45 and"
        " 34 people.",
        caption="Years and dollars as they are. The borders are level: age has no say.",
        source=SOURCE,
    )


def equal_scales(found):
    return figures.scatter_2d(
        found.sample(210),
        "age",
        "income",
        cluster="cluster",
        centres=found.centres,
        labels={"age": "age, years", "income": "income, dollars a year"},
        names={0: "Apprentices", 1: "Mid-career", 2: "Pensioners"},
        alt="The same 210 visitors. With both columns standardised K-Means finds the groups that one sees: 73"
        " people of 24 years on average, 71 of 43 and 66 of 71.",
        caption="Both columns divided by their standard deviations. Now the borders follow the gaps.",
        source=SOURCE,
    )
