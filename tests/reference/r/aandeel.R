# Reference values for shares, by prop.test, binom.test and the survey package. Run from the root:
#   Rscript tests/reference/r/aandeel.R
# Writes tests/reference/aandeel.json and tests/reference/data/{kinderen,dagen}.csv.
suppressMessages(library(survey))
source("tests/reference/r/json.R")

cases <- list(c(7, 50), c(0, 20), c(20, 20), c(1, 3), c(4, 103), c(137, 1434))
wilson <- lapply(cases, function(k) c(k, as.numeric(prop.test(k[1], k[2], correct = FALSE)$conf.int)))
clopper <- lapply(cases, function(k) c(k, as.numeric(binom.test(k[1], k[2])$conf.int)))

# Wilson's interval with the effective size of Korn and Graubard, from the variance of `survey`.
wilson_effective <- function(p, variance, units, clusters) {
  n <- units * (p * (1 - p) / (units - 1)) / variance * (qt(0.975, units - 1) / qt(0.975, clusters - 1))^2
  z <- qnorm(0.975)
  mid <- (p + z^2 / (2 * n)) / (1 + z^2 / n)
  half <- z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2)) / (1 + z^2 / n)
  c(n, mid - half, mid + half)
}

# Children in households: the first child of a household pulls the others along.
household <- 1:45
children <- do.call(rbind, lapply(household, function(h) {
  k <- 1 + (h * 7) %% 4
  first <- as.integer((h * 13) %% 9 < 3)
  y <- vapply(seq_len(k), function(j) if ((h * 5 + j * 3) %% 4 > 0) first else as.integer((h + j) %% 3 == 0), 1L)
  data.frame(huishouden = h, y = y)
}))
design <- svydesign(ids = ~huishouden, weights = ~1, data = children)
m <- svymean(~y, design)
beta <- svyciprop(~y, design, method = "beta")
kinderen <- list(units = nrow(children), households = length(household), p = as.numeric(coef(m)),
                 variance = as.numeric(vcov(m)), beta = as.numeric(attr(beta, "ci")),
                 wilson = wilson_effective(as.numeric(coef(m)), as.numeric(vcov(m)), nrow(children), 45))

# Days with a property out of days observed.
days <- data.frame(huishouden = household, noemer = 20 + (household * household * 11) %% 340)
days$teller <- floor(days$noemer * ((household * 17) %% 10) / 9)
ratio <- svyratio(~teller, ~noemer, svydesign(ids = ~huishouden, weights = ~1, data = days))
dagen <- list(units = sum(days$noemer), households = nrow(days), p = as.numeric(coef(ratio)),
              variance = as.numeric(vcov(ratio)),
              wilson = wilson_effective(as.numeric(coef(ratio)), as.numeric(vcov(ratio)), sum(days$noemer), 45))

write.csv(children, "tests/reference/data/kinderen.csv", row.names = FALSE, quote = FALSE)
write.csv(days, "tests/reference/data/dagen.csv", row.names = FALSE, quote = FALSE)
write_reference(list(wilson = wilson, clopper_pearson = clopper, kinderen = kinderen, dagen = dagen),
                "tests/reference/aandeel.json", "survey")
