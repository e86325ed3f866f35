# Reference values for the variance of a restricted mean with spells that share a team: the infinitesimal
# jackknife of survival::survfit (residuals of the area under the curve), added up per team.
# Run from the root of the project:
#   Rscript tests/reference/r/team.R
# Writes tests/reference/team.json; the data sets are those of duur.R.
suppressMessages(library(survival))
source("tests/reference/r/json.R")

reference <- function(name, horizon, teams) {
  data <- read.csv(file.path("tests/reference/data", paste0(name, ".csv")))
  data$team <- (seq_len(nrow(data)) * 7) %% teams
  data$id <- seq_len(nrow(data))
  # Residuals look the data up by name, outside this function.
  spells <<- data
  fit <- if (all(data$start == 0)) {
    survfit(Surv(stop, event) ~ 1, spells)
  } else {
    survfit(Surv(start, stop, event) ~ 1, spells, id = id)
  }
  moved <- as.vector(residuals(fit, times = horizon, type = "auc"))
  sums <- tapply(moved, data$team, sum)
  error <- survival:::survmean(fit, rmean = horizon)$matrix[["se(rmean)"]]
  list(horizon = horizon, teams = teams, variance = error^2, moved = I(moved), raw = sum(sums^2))
}

entries <- list(
  ties = reference("ties", 240, 12),
  complete = reference("complete", 200, 11),
  late = reference("late", 180, 13),
  half = reference("half", 60, 2),
  zero = reference("zero", 90, 4)
)
write_reference(entries, "tests/reference/team.json", "survival")
