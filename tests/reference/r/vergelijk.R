# Reference values for comparing groups. Run from the root of the project:
#   Rscript tests/reference/r/vergelijk.R
# Writes tests/reference/vergelijk.json; `groups` and `cox_late` come from incidentie.R and cox.R.
# survival::survdiff, with strata(); it knows no late entry, so for that the log-rank test is the score
# test of coxph (ties by Breslow) on data without ties. The restricted mean is print(survfit, rmean).
suppressMessages(library(survival))
source("tests/reference/r/json.R")

rank <- function(formula, data) {
  fit <- survdiff(formula, data)
  sums <- function(x) if (is.matrix(x)) rowSums(x) else x
  df <- length(fit$n) - 1
  list(stat = fit$chisq, df = df, p = pchisq(fit$chisq, df, lower.tail = FALSE),
       observed = I(unname(sums(fit$obs))), expected = I(unname(sums(fit$exp))))
}

rmean <- function(formula, data, horizon) {
  m <- survival:::survmean(survfit(formula, data), rmean = horizon)$matrix
  c(horizon, m[1, "rmean"] - m[2, "rmean"], sqrt(sum(m[, "se(rmean)"]^2)))
}

# The first day on which a curve is at or under a height, halfway to the next drop when exactly at it:
# what print() does for the median and its limits (see duur.R on quantile()).
crossing <- function(time, curve, height) {
  near <- sqrt(.Machine$double.eps)
  below <- which(curve < height + near)
  if (!length(below)) return(NA)
  lower <- below[curve[below] < curve[below[1]]]
  if (abs(curve[below[1]] - height) < near && length(lower)) return(mean(time[c(below[1], lower[1])]))
  time[below[1]]
}

quantiles <- function(formula, data) {
  fit <- survfit(formula, data)
  limits <- function(curve) sapply(c(0.75, 0.5, 0.25), function(h) crossing(fit$time, curve, h))
  list(quantile = I(unname(quantile(fit, c(0.25, 0.5, 0.75), conf.int = FALSE))),
       lower = I(limits(fit$lower)), upper = I(limits(fit$upper)))
}

lung$event <- as.integer(lung$status == 2)
groups <- read.csv("tests/reference/data/groups.csv")
# Distinct end days for the score test: the row number breaks ties.
late <- read.csv("tests/reference/data/cox_late.csv")
late$stop <- 1000 * late$stop + seq_len(nrow(late))
late$start <- 1000 * late$start
score <- summary(coxph(Surv(start, stop, event) ~ factor(x), late, ties = "breslow"))$sctest
score_strata <- summary(coxph(Surv(start, stop, event) ~ factor(x) + strata(stratum), late, ties = "breslow"))$sctest

entries <- list(
  lung = rank(Surv(time, event) ~ sex, lung),
  lung_strata = rank(Surv(time, event) ~ sex + strata(ph.ecog), lung),
  veteran = rank(Surv(time, status) ~ celltype, veteran),
  veteran_strata = rank(Surv(time, status) ~ celltype + strata(trt), veteran),
  groups = rank(Surv(stop, event > 0) ~ group, groups),
  groups_strata = rank(Surv(stop, event > 0) ~ group + strata(stratum), groups),
  groups_cause = rank(Surv(stop, event == 1) ~ group, groups),
  late = list(stat = score[["test"]], df = score[["df"]], p = score[["pvalue"]]),
  late_strata = list(stat = score_strata[["test"]], df = score_strata[["df"]], p = score_strata[["pvalue"]]),
  rmean_lung = rmean(Surv(time, event) ~ sex, lung, 365),
  rmean_veteran = rmean(Surv(time, status) ~ trt, veteran, 180),
  quantiles_lung = quantiles(Surv(time, event) ~ 1, lung),
  quantiles_veteran = quantiles(Surv(time, status) ~ 1, veteran))
write_reference(entries, "tests/reference/vergelijk.json", "survival")
