"""The sentences that the invented company's runbooks are made of."""

from __future__ import annotations

FIRST_CHECKS = (
    "Look at the releases of the last six hours, prompts, sources and model aliases included.",
    (
        "Open the dashboard and split {metric} by intent, then by risk level; note the first that "
        "stands out."
    ),
    "Read five of the traces that the alert links to before touching anything.",
    "Ask in the room whether someone is running an experiment or an import right now.",
    "See whether the provider's status page says anything about the region that we use.",
    "Compare {metric} in the canary with the rest; if only one of them moved, it was a release.",
    "Count the affected people, and write the number into the incident before you go on.",
)

HYPOTHESES = (
    ("Latency spiked too", "Retrieval latency by connector", "with the hour before"),
    (
        "Only one intent is affected",
        "The prompt version that serves this intent",
        "with the version of yesterday",
    ),
    (
        "Only answers with sources are affected",
        "The age of the index behind them",
        "with the last full import",
    ),
    (
        "It began at a round hour",
        "The imports and jobs that start then",
        "with the same hour last week",
    ),
    ("Every product is affected", "The model gateway and its quota", "with the other region"),
    (
        "Answers grew longer",
        "Tokens for each answer, by prompt version",
        "with the median of the month",
    ),
)

MITIGATIONS = (
    "Answer from the list of frequent questions only, and say so above every answer.",
    "Send the affected intent back to the queue of the people who did the work before.",
    "Halve the share of traffic that the newest release gets, and watch for ten minutes.",
    "Raise the threshold above which a person has to release the answer.",
)

ROLLBACKS = (
    "Then the release before that one, if the numbers have not moved within a quarter of an hour.",
    "If the model changed as well, put the alias back first: prompts are written for one model.",
    "Leave the index alone unless the first checks point to it; a rebuild takes four hours.",
)

MESSAGES = (
    "Tell the people who use {title} in the banner, with the time of the next message.",
    "Write to the support desk what to answer until {title} is back, in two sentences.",
    (
        "Tell the product owner when a customer's data may be affected, before anyone else outside "
        "does."
    ),
    "Say in the room who commands, who works on what, and when you will speak again.",
)

RESOLUTIONS = (
    "The metric has been back in its normal range for an hour, without the switch.",
    "Ten answers picked by hand from the affected intent are right.",
    "The support desk has had no new report for two hours.",
)

LESSONS = (
    "Add the questions that failed to the evaluation set, with the answer that was expected.",
    "Write down which signal came late, and what would have shown the trouble sooner.",
    (
        "Ask those who were paged whether the first checks were the right ones, and change them if "
        "not."
    ),
)
