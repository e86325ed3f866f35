# Reference values for counts, by poisson.test, t.test, quantile, qbinom and survey::svyratio.
#   Rscript tests/reference/r/aantal.R
# Writes tests/reference/aantal.json and tests/reference/data/aantallen.csv.
suppressMessages(library(survey))
source("tests/reference/r/json.R")

cases <- list(c(10, 250), c(0, 250), c(1, 3.5), c(2, 31), c(400, 1000))
poisson <- lapply(cases, function(k) c(k, as.numeric(poisson.test(k[1], k[2])$conf.int)))

# Ranks of the order statistics around a quantile.
sizes <- c(2, 5, 10, 20, 37, 100, 1434, 1e5, 1e8)
ranks <- lapply(sizes, function(n) {
  unlist(lapply(c(0.5, 0.9), function(p) c(qbinom(0.025, n, p), qbinom(0.975, n, p) + 1)))
})

h <- 1:60
data <- data.frame(aantal = ((h * h * 7 + h) %% 11) * (1 + (h %% 6 == 0)), blootstelling = 30 + (h * h * 13) %% 336)
ratio <- svyratio(~aantal, ~blootstelling, svydesign(ids = ~1, weights = ~1, data = data))
r <- as.numeric(coef(ratio))
se_log <- as.numeric(sqrt(vcov(ratio))) / r
sorted <- sort(data$aantal)
bounds <- function(p) {
  c(as.numeric(quantile(data$aantal, p, type = 1)),
    sorted[qbinom(0.025, 60, p)], sorted[qbinom(0.975, 60, p) + 1])
}
type1 <- lapply(c(1, 2, 3, 7, 10, 30, 110, 1000), function(n) {
  c(n, as.numeric(quantile(seq_len(n), c(0.5, 0.9), type = 1)))
})
entries <- list(
  poisson = poisson, n = sizes, ranks = ranks, type1 = type1,
  mean = c(mean(data$aantal), as.numeric(t.test(data$aantal)$conf.int)),
  rate = c(r, r * exp(c(-1, 1) * qt(0.975, 59) * se_log)),
  median = bounds(0.5), p90 = bounds(0.9))
write.csv(data, "tests/reference/data/aantallen.csv", row.names = FALSE, quote = FALSE)
write_reference(entries, "tests/reference/aantal.json", "survey")
