"""The work on site 现场作业: coming, photos, checklists, mates, handing over, waiting, signing."""
