"""Learn from outcomes: data set, splits, tables, calibration, evaluation, model file and card."""
