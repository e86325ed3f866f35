# Reference values for repeated events. Run from the root of the project:
#   Rscript tests/reference/r/herhaald.R
# Writes tests/reference/herhaald.json and tests/reference/data/visits.csv, made here by formula.
# survival::survfit gives the mean cumulative function (cumhaz) with the robust variance per id
# (std.chaz) and, without id, the Poisson variance; survey::svyratio the robust variance of a rate.
suppressMessages({
  library(survival)
  library(survey)
})
source("tests/reference/r/json.R")

# `data` has id, start, stop, event: one row per stretch of observation, closed by an event or not.
reference <- function(data, days) {
  robust <- survfit(Surv(start, stop, event) ~ 1, data, id = id, robust = TRUE)
  naive <- survfit(Surv(start, stop, event) ~ 1, data)
  at <- findInterval(days, robust$time)
  naive_at <- findInterval(days, naive$time)
  total <- aggregate(cbind(event, time = (stop - start) / 365.25) ~ id, data, sum)
  ratio <- svyratio(~event, ~time, svydesign(~1, data = total, weights = ~1))
  r <- as.numeric(coef(ratio))
  factor <- exp(qt(0.975, nrow(total) - 1) * as.numeric(SE(ratio)) / r)
  list(n = nrow(total), events = sum(data$event), days = I(days), mcf = I(robust$cumhaz[at]),
       se = I(robust$std.chaz[at]), naive = I(naive$std.chaz[naive_at]), rate = c(r, r / factor, r * factor))
}

# Households that enter late, with nought to four events, some on one day.
rows <- lapply(1:70, function(h) {
  entry <- if (h %% 4 == 0) (h * 13) %% 60 else 0
  end <- entry + 100 + (h * h * 7) %% 300
  when <- unique(sort(entry + 1 + (h * (1:4) * 37 + h * h) %% (end - entry)))
  when <- when[seq_len(min(length(when), (h * 3) %% 5))]
  data.frame(id = h, start = c(entry, when), stop = c(when, end), event = c(rep(1, length(when)), 0))
})
visits <- do.call(rbind, rows)
# An event on the last day of observation closes it.
visits <- visits[visits$stop > visits$start, ]
write.csv(visits, "tests/reference/data/visits.csv", row.names = FALSE, quote = FALSE)

g <- data.frame(id = cgd$id, start = cgd$tstart, stop = cgd$tstop, event = cgd$status)
# Recurrence and death of one patient as two events of the same process, followed up to the last.
last <- tapply(colon$time, colon$id, max)
k <- do.call(rbind, lapply(split(colon, colon$id), function(d) {
  when <- sort(unique(d$time[d$status == 1]))
  end <- max(d$time)
  stop <- unique(c(when, end))
  data.frame(id = d$id[1], start = c(0, head(stop, -1)), stop = stop, event = as.integer(stop %in% when))
}))

entries <- list(visits = reference(visits, c(30, 90, 180, 365)),
                cgd = reference(g, c(50, 100, 200, 300, 365)),
                cgd_placebo = reference(g[cgd$treat == "placebo", ], c(100, 200, 365)),
                colon = reference(k, c(100, 365, 1000, 2500)))
write_reference(entries, "tests/reference/herhaald.json", c("survival", "survey"))
