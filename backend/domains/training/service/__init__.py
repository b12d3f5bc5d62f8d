"""Use cases of training, one module each: gathering, labelling, exporting, runs, registry (models), tidying."""
