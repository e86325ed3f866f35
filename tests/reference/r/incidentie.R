# Reference values for cumulative incidence and Gray's test. Run from the root of the project:
#   Rscript tests/reference/r/incidentie.R
# Writes tests/reference/incidentie.json and the data sets made here by formula in tests/reference/data.
# survival::survfit gives estimate and interval without late entry; etm::etm the Greenwood-type
# variance with late entry; cmprsk::cuminc Gray's test.
suppressMessages({
  library(survival)
  library(cmprsk)
  library(etm)
})
source("tests/reference/r/json.R")

curves <- function(data, days) {
  data$state <- factor(data$event, 0:max(data$event))
  fit <- survfit(Surv(stop, state) ~ 1, data)
  at <- summary(fit, times = days)
  causes <- lapply(2:ncol(at$pstate), function(k)
    list(estimate = I(at$pstate[, k]), se = I(at$std.err[, k]), lower = I(at$lower[, k]), upper = I(at$upper[, k])))
  names(causes) <- as.character(1:length(causes))
  list(n = nrow(data), days = I(days), causes = causes)
}

# etm needs transitions 0 -> cause; `cens` for what was still running.
late_curves <- function(data, days) {
  causes <- sort(unique(data$event[data$event > 0]))
  tra <- matrix(FALSE, length(causes) + 1, length(causes) + 1)
  tra[1, -1] <- TRUE
  long <- data.frame(id = seq_len(nrow(data)), from = "0", entry = data$start, exit = data$stop,
                     to = ifelse(data$event == 0, "cens", as.character(data$event)))
  fit <- etm(long, as.character(c(0, causes)), tra, "cens", s = 0, t = "last", covariance = TRUE)
  at <- findInterval(days, fit$time)
  data$id <- seq_len(nrow(data))
  data$state <- factor(data$event, c(0, causes))
  # The infinitesimal jackknife of survfit is another estimate of the same standard error.
  jackknife <- summary(survfit(Surv(start, stop, state) ~ 1, data, id = id), times = days)$std.err
  uit <- lapply(as.character(causes), function(k) {
    v <- fit$cov[paste("0", k), paste("0", k), at]
    list(estimate = I(fit$est["0", k, at]), se = I(sqrt(v)), jackknife = I(jackknife[, 1 + match(k, causes)]))
  })
  names(uit) <- as.character(causes)
  list(n = nrow(data), days = I(days), causes = uit)
}

gray <- function(data, group) {
  tests <- cuminc(data$stop, data$event, data[[group]])$Tests
  uit <- lapply(seq_len(nrow(tests)), function(k) list(stat = tests[k, "stat"], df = tests[k, "df"], p = tests[k, "pv"]))
  names(uit) <- rownames(tests)
  uit
}

i <- 1:120
groups <- data.frame(start = 0, stop = 1 + (i * i * 7 + i * 3) %% 41, event = (i * i + i %/% 3) %% 3,
                     group = c("a", "b", "c")[1 + (i * 5) %% 3], stratum = c("x", "y")[1 + (i %/% 7) %% 2])
# Group b ends more often by cause 1, and nobody of group c is seen beyond day 20.
groups$event[groups$group == "b" & i %% 4 == 0] <- 1
late3 <- groups$group == "c" & groups$stop > 20
groups$event[late3] <- 0
groups$stop[late3] <- 20
competing_late <- data.frame(start = ifelse(i %% 3 == 0, (i * 11) %% 19, 0))
competing_late$stop <- competing_late$start + 1 + (i * i * 7 + i * 3) %% 41
competing_late$event <- (i * i + i %/% 3) %% 3
write.csv(groups, "tests/reference/data/groups.csv", row.names = FALSE, quote = FALSE)
write.csv(competing_late, "tests/reference/data/competing_late.csv", row.names = FALSE, quote = FALSE)

m <- mgus2
m$start <- 0
m$stop <- ifelse(m$pstat == 0, m$futime, m$ptime)
m$event <- ifelse(m$pstat == 0, 2 * m$death, 1)
v <- veteran
v$stop <- v$time
v$event <- ifelse(v$status == 0, 0, 1 + v$prior / 10)

entries <- list(
  mgus2 = curves(m, c(0, 12, 60, 120, 240, 400)),
  mgus2_F = curves(m[m$sex == "F", ], c(60, 120)),
  groups = curves(groups, c(1, 5, 10, 20, 30, 38)),
  competing_late = late_curves(competing_late, c(3, 5, 10, 20, 30, 50)),
  gray = list(mgus2 = gray(m, "sex"), groups = gray(groups, "group"), veteran = gray(v, "celltype")),
  gray_strata = local({
    tests <- cuminc(groups$stop, groups$event, groups$group, groups$stratum)$Tests
    list(stat = tests["1", "stat"], df = tests["1", "df"], p = tests["1", "pv"])
  }))
write_reference(entries, "tests/reference/incidentie.json", c("survival", "cmprsk", "etm"))
