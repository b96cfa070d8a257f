import numpy as np
import plotly.graph_objects as go

PLACES = {"Quito": 0.2, "Cairo": 30.0, "London": 51.5, "Tromsø": 69.6}


def charts(settings):
    places = {**PLACES, **settings.get("places", {})}
    return {"daylight": daylight(places)}


def daylight(places):
    days = np.arange(1, 366, 2)
    tilt = np.radians(-23.44 * np.cos(2 * np.pi * (days + 10) / 365))
    figure = go.Figure()
    for name, latitude in places.items():
        dusk = np.arccos(np.clip(-np.tan(np.radians(latitude)) * np.tan(tilt), -1, 1))
        figure.add_scatter(x=days, y=24 / np.pi * dusk, name=name, mode="lines")
    return figure.update_layout(
        xaxis={"title": "day of the year"},
        yaxis={"title": "hours between sunrise and sunset", "range": [-0.5, 24.5], "dtick": 6},
        hovermode="x",
        meta={
            "alt": "Hours of daylight through the year. Quito has 12 on every day, Cairo 10 to 14, London 8 to 16;"
            " Tromsø goes from none in midwinter to 24 in midsummer.",
            "caption": "All lines meet at 12 hours, twice a year: those are the equinoxes.",
        },
    )
