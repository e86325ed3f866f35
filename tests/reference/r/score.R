# Reference values for scores, by t.test, qchisq and, for the interval of the effect size, its formula
# (Bonett 2008, within-subjects) written out on the raw scores.
#   Rscript tests/reference/r/score.R
# Writes tests/reference/score.json and tests/reference/data/scores.csv.
source("tests/reference/r/json.R")

set.seed(19)
n <- 40
base <- rnorm(n, 5.5, 1.4)
data <- data.frame(voor = round(base + rnorm(n, 0, 0.8), 2), na = round(base + 0.6 + rnorm(n, 0, 1.1), 2))
with_interval <- function(x) c(mean(x), as.numeric(t.test(x)$conf.int))

effect <- function(before, after) {
  n <- length(before); df <- n - 1
  v <- var(before); w <- var(after); r <- cor(before, after)
  s2 <- (v + w) / 2
  d <- (mean(after) - mean(before)) / sqrt(s2)
  vd <- v + w - 2 * r * sqrt(v * w)
  se <- sqrt(d^2 * (v^2 + w^2 + 2 * r^2 * v * w) / (8 * df * s2^2) + vd / (df * s2))
  j <- 1 - 3 / (4 * (2 * n) - 9)
  c(j * d, j * (d - qnorm(0.975) * se), j * (d + qnorm(0.975) * se))
}
spread <- function(x) {
  df <- length(x) - 1
  c(sd(x), sd(x) * sqrt(df / qchisq(c(0.975, 0.025), df)))
}
# How often the interval of the effect size holds the true value, and the mean estimate.
coverage <- function(n, rho, delta, times) {
  hits <- 0; estimates <- numeric(times)
  for (i in seq_len(times)) {
    a <- rnorm(n); b <- delta + rho * a + sqrt(1 - rho^2) * rnorm(n)
    e <- effect(a, b)
    estimates[i] <- e[1]
    hits <- hits + (e[2] <= delta && delta <= e[3])
  }
  c(n, rho, delta, hits / times, mean(estimates))
}
entries <- list(
  gemiddelde = with_interval(data$na), gemiddelde_voor = with_interval(data$voor),
  verschil = {
    t <- t.test(data$na, data$voor, paired = TRUE)
    c(as.numeric(t$estimate), as.numeric(t$conf.int))
  },
  effectgrootte = effect(data$voor, data$na), standaardafwijking = spread(data$na),
  dekking = list(coverage(15, 0.5, 0.5, 20000), coverage(40, 0.7, 0.4, 20000), coverage(200, 0.3, 0.8, 5000)))
write.csv(data, "tests/reference/data/scores.csv", row.names = FALSE, quote = FALSE)
write_reference(entries, "tests/reference/score.json", character(0))
