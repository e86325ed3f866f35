# Reference values for durations, by survival::survfit. Run from the root of the project:
#   Rscript tests/reference/r/duur.R
# Writes tests/reference/duur.json and the data sets made here by formula in tests/reference/data.
suppressMessages(library(survival))
source("tests/reference/r/json.R")

days <- c(0, 1, 5, 10, 30, 60, 90, 120, 180, 240, 365, 500)

# `data` has start, stop, event (0/1); without late entry start is 0 throughout.
reference <- function(data, horizons) {
  curve <- function(type) {
    if (all(data$start == 0)) {
      survfit(Surv(stop, event) ~ 1, data, conf.type = type)
    } else {
      survfit(Surv(start, stop, event) ~ 1, data, conf.type = type)
    }
  }
  fit <- curve("log")
  log_log <- curve("log-log")
  # As print() gives it. quantile() returns 48 instead of 45 as upper bound for aml, although the
  # upper limit of the curve is 0.458 from day 45 on.
  q <- survival:::survmean(fit, rmean = "none")$matrix
  at <- summary(fit, times = days[days <= max(data$stop)], extend = FALSE)
  ll <- summary(log_log, times = days[days <= max(data$stop)], extend = FALSE)
  ll_median <- survival:::survmean(log_log, rmean = "none")$matrix
  rmean <- lapply(horizons, function(h) {
    m <- survival:::survmean(fit, rmean = h)$matrix
    c(h, m[["rmean"]], m[["se(rmean)"]])
  })
  list(n = nrow(data), events = sum(data$event), ended_mean = mean((data$stop)[data$event == 1]),
       median = c(q[["median"]], q[["0.95LCL"]], q[["0.95UCL"]]), rmean = rmean,
       time = I(at$time), surv = I(at$surv), lower = I(at$lower), upper = I(at$upper),
       loglog_median = c(ll_median[["median"]], ll_median[["0.95LCL"]], ll_median[["0.95UCL"]]),
       loglog_lower = I(ll$lower), loglog_upper = I(ll$upper))
}

write_data <- function(data, name) {
  write.csv(data, file.path("tests/reference/data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
}

i <- 1:80
length_ <- 1 + (i * i * 17 + i * 29) %% 257
late <- data.frame(start = ifelse(i %% 3 == 0, (i * 37) %% 90, 0))
late$stop <- late$start + length_
late$event <- as.integer((i * 7) %% 5 > 0)

ties <- data.frame(start = 0, stop = 30 * (1 + (i * i * 5 + i) %% 13), event = as.integer((i * 3) %% 4 > 0))
censored <- data.frame(start = 0, stop = 20 + (i * 11) %% 200, event = 0L)
complete <- data.frame(start = 0, stop = length_, event = 1L)
# The curve is exactly one half between day 20 and day 40.
half <- data.frame(start = 0, stop = c(10, 20, 40, 70), event = 1L)
# The only spell at risk ends on day 4, before the others enter: the curve is 0 from there on.
drop <- data.frame(start = c(0, 5, 6, 6, 7), stop = c(4, 40, 50, 60, 70), event = c(1L, 1L, 0L, 1L, 1L))
# Nobody is at risk between day 8 and day 20; the last at risk before was censored.
gap <- data.frame(start = c(0, 0, 0, 20, 20, 21), stop = c(3, 5, 8, 30, 40, 95), event = c(1L, 1L, 0L, 1L, 1L, 0L))
# Ended on the very day it began (a wait of no days).
zero <- data.frame(start = 0, stop = c(0, 0, 0, 4, 10, 35, 35, 60, 100, 130), event = c(1L, 1L, 0L, 1L, 0L, 1L, 1L, 1L, 0L, 1L))

own <- list(late = late, ties = ties, censored = censored, complete = complete, half = half,
            drop = drop, gap = gap, zero = zero)
horizons <- list(late = c(60, 200), ties = c(30, 300), censored = 200, complete = c(60, 365), half = c(15, 70),
                 drop = 60, gap = c(25, 90), zero = c(30, 130))
for (name in names(own)) write_data(own[[name]], name)

lung$event <- as.integer(lung$status == 2)
public <- list(
  lung = with(lung, data.frame(start = 0, stop = time, event)),
  lung_sex1 = with(lung[lung$sex == 1, ], data.frame(start = 0, stop = time, event)),
  lung_sex2 = with(lung[lung$sex == 2, ], data.frame(start = 0, stop = time, event)),
  aml = with(aml, data.frame(start = 0, stop = time, event = status)),
  aml_maintained = with(aml[aml$x == "Maintained", ], data.frame(start = 0, stop = time, event = status)),
  veteran = with(veteran, data.frame(start = 0, stop = time, event = status)),
  veteran_trt2 = with(veteran[veteran$trt == 2, ], data.frame(start = 0, stop = time, event = status)))
public_horizons <- list(lung = c(90, 365, 1000), lung_sex1 = 365, lung_sex2 = 365, aml = c(20, 160),
                        aml_maintained = 100, veteran = c(90, 365), veteran_trt2 = 365)

entries <- Map(reference, c(own, public), c(horizons, public_horizons))
write_reference(entries, "tests/reference/duur.json", "survival")
