"""The charts of *Countries that live alike*: four groups of 2007, and the years before by the same yardstick."""

import _world as world
import plotly.graph_objects as go

from generator.charts import figures, palette

LABELS = {
    "lifeExp": "life expectancy, years",
    "gdpPercap": "GDP per head, dollars (log scale)",
    "pop": "population",
    "year": "Year",
    "log_gdp": "GDP per head, dollars",
    "log_pop": "population",
}
SOURCE = "Gapminder, in the extract that comes with Plotly"


def charts(spark):
    found = world.fit(spark)
    labelled = world.over_time(found)
    return {
        "countries-2007": in_one_year(labelled[labelled["year"] == world.YEAR]),
        "countries-heatmap": side_by_side(found),
        "countries-over-time": over_time(labelled),
        "countries-moved": moved(world.crossings(labelled)),
    }


def in_one_year(rows):
    return figures.scatter_2d(
        rows,
        "gdpPercap",
        "lifeExp",
        cluster="cluster",
        text="country",
        log_x=True,
        labels=LABELS,
        names=world.NAMES,
        height=500,
        alt="142 countries in 2007 by GDP per head (278 dollars in DR Congo to 49,357 in Norway) and life"
        " expectancy (40 years in Swaziland to 83 in Japan), rising along a diagonal. 87 with long lives stand at"
        " the upper right, 55 with short lives at the lower left; large and small countries mix in both.",
        caption="Each symbol is a country; point at it for its name. Compare the two halves, then look for strays.",
        source=SOURCE,
    )


def side_by_side(found):
    return figures.heatmap(
        world.portrait(found),
        views=("difference", "mean"),
        sizes=found.sizes,
        labels=LABELS,
        names=world.NAMES,
        height=330,
        alt="Three features by four groups of countries. Life expectancy and GDP per head are above the mean of all"
        " countries in both groups with long lives and more than a standard deviation below it in one or both of"
        " the others; population is high in the two large groups and low in the two small ones.",
        caption="Read down each column: orange is above the mean of all countries, blue below.",
        source=SOURCE,
    )


def over_time(labelled):
    return figures.animated_scatter(
        labelled,
        "gdpPercap",
        "lifeExp",
        time="year",
        name="country",
        size="pop",
        log_x=True,
        labels=LABELS,
        names=world.NAMES,
        alt="An animation of 142 countries from 1952 to 2007, in steps of five years, by GDP per head and life"
        " expectancy; the area of a bubble is its population. The cloud rises from 49 years on average to 67;"
        " countries with long lives grow from 23 to 87.",
        caption="The colour is the group of 2007 whose centre is nearest. Watch the bubbles change colour on their"
        " way up, and the few that sink.",
        source=SOURCE,
    )


def moved(table):
    """A row of symbols for each country that crossed, from 1952 to 2007."""
    figure = go.Figure()
    look = palette.looks(range(len(world.NAMES)), world.NAMES)
    for label, found in look.items():
        rows, years = (table == label).to_numpy().nonzero()
        figure.add_scatter(
            x=table.columns[years],
            y=rows,
            mode="markers",
            name=found.name,
            marker={"color": found.colour, "symbol": found.symbol, "size": 9},
            text=table.index[rows],
            hovertemplate=f"<b>%{{text}}</b> %{{x}}<br>{found.name}<extra></extra>",
        )
    return figure.update_layout(
        height=17 * len(table) + 110,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.025, "yanchor": "bottom"},
        xaxis={"tickvals": list(table.columns[::2]), "showgrid": False, "zeroline": False, "side": "top"},
        yaxis={
            "tickvals": list(range(len(table))),
            "ticktext": list(table.index),
            "tickfont": {"size": 11},
            "range": [len(table) - 0.4, -0.6],
            "automargin": True,
            "zeroline": False,
            "fixedrange": True,
        },
        meta={
            "alt": f"{len(table)} countries by year, from 1952 to 2007, each year marked with the country's group."
            " From Cuba and Israel in 1957 to Bolivia in 2007 they pass from short lives to long ones. Iraq, North"
            " Korea and South Africa pass back.",
            "caption": "Countries in the order in which they crossed from short lives to long ones. Three rows turn"
            " back.",
            "source": SOURCE,
        },
    )
