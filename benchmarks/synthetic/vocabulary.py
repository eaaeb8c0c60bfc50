"""The words that the invented company is made of: names, products, places, remarks."""

from __future__ import annotations

import unicodedata


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST_NAMES = _words(
    """
Ada Adaeze Aiko Alejandra Amara Amir Anika Anjali Arjun Astrid Ayşe Beatriz Bilal Bjørn Carmen
Chidi Chloé Ciara Clara Dalia Daniel Dara Deepa Diego Dmitri Eamon Elena Elif Emeka Emil Esther
Farah Fatima Felipe Femi Fiona Freya Gabriel Giulia Grace Greta Hana Haruto Hassan Helga Hiro
Ibrahim Imani Ines Ingrid Isla Ivan Jamal Jana Javier Joana Jonas Josefa Jun Kai Karim Katya Kenji
Khalid Kofi Lars Layla Leila Lena Liam Linnea Lucía Luka Magda Maja Malik Marek Mateo Mei Mila
Minh Mona Nadia Naveen Nia Niamh Nikos Noor Olga Omar Oscar Paola Pavel Petra Priya Quinn Rafael
Rahul Rania Ravi Renata Rosa Ruth Sabine Samir Sanjay Sara Seo-yeon Sigrid Sofia Søren Tariq Tomás
Tova Uma Valeria Viktor Wanjiru Xiu Yara Yusuf Zainab Zoë
"""
)

_LAST_NAMES = _words(
    """
Abadi Acheampong Adeyemi Aguilar Ahmed Albrecht Almeida Andersen Aoki Arslan Bakker Banerjee
Barros Bauer Becker Bergström Bianchi Boateng Borg Brennan Byrne Castillo Chandra Chen Clarke
Coelho Costa Dahl Danso Delgado Desai Diallo Dubois Duarte Eriksen Esposito Evans Farouk Fernandes
Fischer Flores Fontaine Fraser Fujita Garcia Ghosh Greco Gupta Haddad Hansen Hartmann Hayashi
Hernández Hoffmann Horvat Ibarra Iyer Jansen Jensen Joshi Kamau Kaya Keller Khan Kimura Kowalski
Krishnan Kumar Laurent Lehmann Lindqvist Lopes Maçon Mahlangu Marino Martins Mbeki Mehta Meyer
Molina Moreau Moretti Murphy Nakamura Natarajan Ndiaye Nguyen Nielsen Novák Nowak Obi Okafor
Okonkwo Olsen Ortega Osei Park Patel Pereira Petrov Pham Pinto Popescu Quispe Rahman Ramos Reyes
Ricci Romano Rossi Ruiz Sandoval Santos Schäfer Schmitt Sharma Silva Singh Solberg Suzuki Tanaka
Teixeira Torres Vargas Weber
"""
)

_DOMAINS = _words(
    """
hr payroll benefits travel expenses procurement vendor contracts legal privacy audit tax treasury
invoicing billing pricing claims underwriting lending fraud onboarding identity access facilities
fleet logistics warehouse returns orders catalogue loyalty marketing campaigns partner
field-service maintenance safety quality lab clinical network device
"""
)

_CAPABILITIES = _words(
    """
search copilot triage summaries drafting routing extraction matching review lookup planner analyst
advisor notes translation classifier forecast intake helpdesk digest balancing scheduling
insights desk guide checker
"""
)

SITES: tuple[tuple[str, str], ...] = (
    ("Europe/Berlin", "+49 30 5550"),
    ("Europe/Dublin", "+353 1 555"),
    ("America/New_York", "+1 212 555"),
    ("Asia/Kolkata", "+91 80 5550"),
    ("Europe/Lisbon", "+351 21 555"),
    ("America/Sao_Paulo", "+55 11 5550"),
    ("Asia/Singapore", "+65 6555"),
)
"""Where people sit: a time zone, and how a telephone number begins there."""

BEHAVIOURAL_SKILLS = ("prompts", "evals", "retrieval", "behaviour", "safety")
"""The skills of which rule OM214 wants one among those who are paged for behaviour."""

TECHNICAL_SKILLS = (
    "python",
    "kubernetes",
    "postgres",
    "vector-search",
    "terraform",
    "typescript",
    "dashboards",
)

REMARKS = (
    (
        "Agreed in the operating review of September. Ask the lead before changing it, and tell "
        "the team that is paged."
    ),
    (
        "Kept from the pilot. The numbers were checked again in October against six weeks of "
        "traces, and they still hold."
    ),
    (
        "See the notes of the incident in August: this is the part that surprised us, so it is "
        "written down in full here."
    ),
    (
        "Two other teams read this entry from their own dashboards. Announce a change in the room "
        "a day before it is made."
    ),
    (
        "Moved here from the wiki. The wiki page is frozen and says so in its first line; this "
        "file is what counts now."
    ),
    "The wording is temporary until legal has read it. Its meaning will stay, so build on it.",
    (
        "The numbers come from the load test of the spring and not from production. Look again "
        "after the wider rollout."
    ),
    "Finance asked for this split in the budget round.",
    (
        "Do not rename: the labels of the monitoring system carry this id, and so do the links in "
        "old tickets."
    ),
    "Reviewed together with security.",
    (
        "Nobody remembers why this differs from the other products. It works, and it will be asked "
        "about in the next review."
    ),
)

FIELD_NOTES = (
    "was stricter in the pilot",
    "agreed with security",
    "see the October review",
    "checked weekly",
)


def person_name(ordinal: int) -> str:
    """Return the name of the company's n-th person; names repeat after some 15,000 people."""
    first = _FIRST_NAMES[ordinal % len(_FIRST_NAMES)]
    last = _LAST_NAMES[(ordinal // len(_FIRST_NAMES) + ordinal) % len(_LAST_NAMES)]
    return f"{first} {last}"


def person_id(ordinal: int) -> str:
    """Return the id of the company's n-th person, unique by a number where the name comes again."""
    plain = unicodedata.normalize("NFKD", person_name(ordinal).replace("ø", "o"))
    base = plain.encode("ascii", "ignore").decode().lower().replace(" ", "-")
    namesakes = ordinal // (len(_FIRST_NAMES) * len(_LAST_NAMES))
    return f"{base}-{namesakes + 1}" if namesakes else base


def product_id(ordinal: int) -> str:
    """Return the id of the n-th product, after which its team is named."""
    domain = _DOMAINS[ordinal % len(_DOMAINS)]
    capability = _CAPABILITIES[(ordinal // len(_DOMAINS) + ordinal) % len(_CAPABILITIES)]
    base = f"{domain}-{capability}"
    generation = ordinal // (len(_DOMAINS) * len(_CAPABILITIES))
    return f"{base}-{generation + 1}" if generation else base


def product_title(ordinal: int) -> str:
    """Return a product's name as people say it: `hr-search` is `HR search`."""
    words = product_id(ordinal).replace("-", " ")
    return "HR" + words[2:] if words.startswith("hr ") else words[0].upper() + words[1:]
