# Reference values for sites beside each other, by metafor and base R. Run from the root:
#   Rscript tests/reference/r/regios.R
# Writes tests/reference/regios.json.
suppressMessages(library(metafor))
source("tests/reference/r/json.R")

# Eleven sites, two of them without an event and one of them tiny.
sites <- data.frame(xi = c(0, 3, 5, 0, 9, 12, 2, 7, 4, 21, 1), ni = c(18, 40, 61, 9, 103, 88, 55, 70, 64, 120, 12))
combined <- function(measure, ...) {
  data <- escalc(measure = measure, add = 1/2, to = "only0", ...)
  fit <- rma(yi, vi, data = data, method = "REML", test = "adhoc", control = list(threshold = 1e-12))
  b <- blup(fit)
  list(y = as.numeric(data$yi), v = as.numeric(data$vi), mu = as.numeric(coef(fit)), se = fit$se,
       tau2 = fit$tau2, q = fit$QE, blup = b$pred, blup_se = b$se)
}
shares <- combined("PLO", xi = sites$xi, ni = sites$ni)
rates <- combined("IRLN", xi = sites$xi, ti = sites$ni / 10)

# Sites that lie closer together than their own errors let expect, and sites that are all the same: the plain
# interval of Knapp and Hartung would be narrower than that of a common effect, or of width zero.
close <- function(xi, ni) {
  data <- escalc(measure = "PLO", xi = xi, ni = ni)
  fit <- rma(yi, vi, data = data, method = "REML", test = "adhoc", control = list(threshold = 1e-12))
  p <- predict(fit)
  b <- blup(fit)
  list(y = as.numeric(data$yi), v = as.numeric(data$vi), se = fit$se, ci = c(fit$ci.lb, fit$ci.ub),
       pi = c(p$pi.lb, p$pi.ub), plain = rma(yi, vi, data = data, method = "REML", test = "knha")$se,
       common = rma(yi, vi, data = data, method = "EE")$se, blup = b$pred, blup_se = b$se)
}

# Spiegelhalter (2005), appendix A.1: interpolate between the two counts around the quantile.
between <- function(r, p, cdf) r - (cdf(r) - p) / (cdf(r) - cdf(r - 1))
binomial <- function(p, n, theta) {
  r <- qbinom(p, n, theta)
  min(1, max(0, between(r, p, function(k) pbinom(k, n, theta)) / n))
}
poisson_limit <- function(p, e, rate) {
  r <- qpois(p, rate * e)
  max(0, between(r, p, function(k) ppois(k, rate * e)) / e)
}
grid <- expand.grid(n = c(5, 20, 77, 400), theta = c(0.03, 0.3, 0.9), p = c(0.001, 0.025, 0.975, 0.999))
grid$binomial <- mapply(binomial, grid$p, grid$n, grid$theta)
grid$poisson <- mapply(poisson_limit, grid$p, grid$n / 4, grid$theta * 2)

theta <- sum(sites$xi) / sum(sites$ni)
z <- (sites$xi / sites$ni - theta) * sqrt(sites$ni / (theta * (1 - theta)))
bounds <- quantile(z, c(0.1, 0.9))
phi <- max(1, mean(pmin(pmax(z, bounds[1]), bounds[2])^2))

write_reference(list(xi = sites$xi, ni = sites$ni, aandeel = shares, tempo = rates,
                     gelijk = close(rep(40, 4), rep(100, 4)),
                     dicht = close(c(38, 25, 41, 61, 13), c(100, 60, 101, 150, 33)),
                     twee_naast_een = close(c(20, 21, 40), c(50, 50, 100)),
                     grenzen = lapply(seq_len(nrow(grid)), function(i) as.numeric(grid[i, ])),
                     doel = theta, phi = phi), "tests/reference/regios.json", "metafor")
