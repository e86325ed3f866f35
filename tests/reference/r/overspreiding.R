# Reference values for over-dispersed counts, by MASS::glm.nb and a quasi-Poisson rate.
#   Rscript tests/reference/r/overspreiding.R
# Reads tests/reference/data/aantallen.csv (made by aantal.R); writes tests/reference/overspreiding.json.
suppressMessages(library(MASS))
source("tests/reference/r/json.R")

data <- read.csv("tests/reference/data/aantallen.csv")
negative_binomial <- function(count) {
  fit <- glm.nb(count ~ 1, control = glm.control(epsilon = 1e-14, maxit = 200))
  theta <- theta.ml(count, rep(mean(count), length(count)), limit = 500, eps = 1e-14)
  se <- sqrt((1 / mean(count) + 1 / as.numeric(theta)) / length(count))
  # As summary(fit) gives it, up to the last steps of its search for theta.
  stopifnot(abs(se / sqrt(vcov(fit)[1, 1]) - 1) < 1e-6)
  c(mean(count), mean(count) * exp(c(-1, 1) * qnorm(0.975) * se), 1 / as.numeric(theta))
}

# A rate in a quasi-Poisson sense: the events as many as would be independent.
r <- sum(data$aantal) / sum(data$blootstelling)
phi <- nrow(data) / (nrow(data) - 1) * sum((data$aantal - r * data$blootstelling)^2) / sum(data$aantal)
events <- sum(data$aantal) / phi
exposure <- sum(data$blootstelling) / phi
write_reference(list(
  negative_binomial = negative_binomial(data$aantal),
  quine = negative_binomial(quine$Days),
  dispersion = var(data$aantal) / mean(data$aantal),
  rate = c(r, qgamma(0.025, events) / exposure, qgamma(0.975, events + 1) / exposure)),
  "tests/reference/overspreiding.json", "MASS")
