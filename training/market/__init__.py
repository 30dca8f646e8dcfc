"""A simulated market of careers whose truth is known: people, vacancies, lists, events (see ``docs/market.md``)."""
