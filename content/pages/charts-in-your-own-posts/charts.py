import numpy as np
import plotly.graph_objects as go

PLACES = {"Quito": 0.2, "Cairo": 30.0, "London": 51.5, "Tromsø": 69.6}


def charts(settings):
    places = {**PLACES, **settings.get("places", {})}
    return {"daylight": daylight(places)}


def daylight(places):
    """Hours between sunrise and sunset through the year, by latitude."""
    days = np.arange(1, 366, 2)
    sun = np.radians(-23.44) * np.cos(2 * np.pi * (days + 10) / 365)
    figure = go.Figure()
    for name, latitude in places.items():
        dusk = -np.tan(np.radians(latitude)) * np.tan(sun)
        hours = 24 / np.pi * np.arccos(np.clip(dusk, -1, 1))
        figure.add_scatter(x=days, y=hours, name=name, mode="lines")
    return figure.update_layout(
        xaxis={"title": "day of the year"},
        yaxis={"title": "hours of daylight", "dtick": 6},
        hovermode="x",
        meta={
            "alt": "Hours of daylight through the year. Quito has 12"
            " on every day, Cairo 10 to 14, London 8 to 16; Tromsø"
            " has none in midwinter and 24 in midsummer.",
            "caption": "All lines meet twice a year, at the equinoxes.",
        },
    )
