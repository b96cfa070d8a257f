"""The charts of *Seeing K-Means*: from two dimensions to twelve."""

import _groups as groups

from generator.charts import figures

VISITS = {"minutes": "minutes in the café", "dollars": "dollars spent"}
KINDS_OF_VISIT = {0: "Quick visits", 1: "Lunches", 2: "Long stays"}
CHANGES = {"current": "current account", "savings": "savings", "investments": "investments"}
INVENTED = "invented visits, visits.csv"
BANK = "an invented bank, balances.csv; dollars of change within a year"
WORDS = {"roth_ira": "Roth IRA", "401k": "401k"}


def charts(spark):
    return {
        "scatter-2d": visits(groups.by_eye()),
        "scatter-2d-circled": visits_by_eye(groups.by_eye()),
        "scatter-2d-segments": visits_by_kmeans(groups.visits(spark)),
        "3dkmeans": balances(groups.balances(spark)),
        "4d": balances_and_loans(groups.balances_and_loans(spark)),
        "heatmap": customers(groups.customers(spark)),
    }


def visits(seen):
    return figures.scatter_2d(
        seen,
        "minutes",
        "dollars",
        labels=VISITS,
        alt="240 visits to a café as dots, by minutes stayed (2 to 208) and dollars spent (2.71 to 22.40). They"
        " form three clouds: short and cheap, three quarters of an hour and dear, and very long at a middling"
        " price.",
        caption="One dot is one visit. How many groups do you see?",
        source=INVENTED,
    )


def visits_by_eye(seen):
    return figures.scatter_2d(
        seen,
        "minutes",
        "dollars",
        cluster="cluster",
        outline=True,
        labels=VISITS,
        names=KINDS_OF_VISIT,
        alt="The same 240 visits, parted by hand at 22 and 90 minutes into 95 quick visits, 87 lunches and 58 long"
        " stays, with an ellipse around each.",
        caption="Grouped by eye. Each ellipse would hold about 95 in 100 dots of a group that is shaped like a bell.",
        source=INVENTED,
    )


def visits_by_kmeans(found):
    return figures.scatter_2d(
        found.sample(240),
        "minutes",
        "dollars",
        cluster="cluster",
        centres=found.centres,
        labels=VISITS,
        names=KINDS_OF_VISIT,
        alt="The same visits as K-Means parts them, with a large symbol for each centre: 98 quick visits around 11"
        " minutes and 5.70 dollars, 83 lunches around 46 minutes and 16.59 dollars, 59 long stays around 143"
        " minutes and 9.60.",
        caption="Grouped by K-Means. The large symbols are the centres, the average visit of each group.",
        source=INVENTED,
    )


def balances(found):
    return figures.scatter_3d(
        found.sample(100),
        "current",
        "savings",
        "investments",
        labels=CHANGES,
        names={0: "Savers", 1: "Spenders", 2: "Investors"},
        alt="100 customers in three dimensions, by the yearly change of current account, savings and investments."
        " Three hulls stand apart: 36 savers with some 1,700 dollars more in savings, 34 spenders with less of"
        " everything, 30 investors with some 2,000 dollars more in investments.",
        caption="Drag to turn. Look for the side from which all three hulls stand clear.",
        source=BANK,
    )


def balances_and_loans(found):
    return figures.scatter_3d_grid(
        groups.by_debts(found.sample(100)),
        "current",
        "savings",
        "investments",
        split="debts",
        hull=True,
        row_height=280,
        labels=CHANGES,
        names={0: "Savers", 1: "Spenders", 2: "Investors who repay", 3: "Investors who borrow"},
        split_names={
            groups.REPAID: "Repaid more than 750 dollars",
            "little change": "Debts hardly changed",
            groups.BORROWED: "Borrowed more than 750 dollars",
        },
        alt="The same 100 customers in three panels by the change of their loans. Of those who repaid more than 750"
        " dollars most are investors who repay, of those who borrowed more than 750 most are investors who borrow:"
        " two clusters in one and the same corner. Savers and spenders are mostly between.",
        caption="The fourth column, loans, decides the panel. Compare the first panel with the last: the same"
        " corner, two kinds of investors.",
        source=BANK,
    )


def customers(found):
    return figures.heatmap(
        found.profile(found.columns),
        views=("difference", "mean", "sum"),
        sizes=found.sizes,
        labels={name: WORDS.get(name, name.replace("_", " ").capitalize()) for name in found.columns},
        names={0: "Starting out", 1: "Home and family", 2: "Investing", 3: "Own boss"},
        alt="Twelve products by four clusters of 800 customers. Starting out (328) is below average in everything;"
        " home and family (247) stands out by mortgage, home, life insurance and auto loan; investing (128) by"
        " brokerage, Roth IRA and 401k; own boss (97) by the business credit card, 2.4 standard deviations above"
        " the mean.",
        caption="Read down each column: orange is above the average of all customers, blue below. The buttons"
        " change to dollars a month, of a typical customer or of the whole cluster.",
        source="an invented bank, customers.csv",
    )
