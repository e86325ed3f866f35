# Reference values for the mixed model with a random effect of the site, by lme4::lmer.
#   Rscript tests/reference/r/gemengd.R
# Writes tests/reference/gemengd.json and tests/reference/data/regios.csv.
suppressMessages(library(lme4))
source("tests/reference/r/json.R")

i <- 1:220
site <- 1 + (i * i + i * 3) %% 14
pilot <- as.integer(site <= 11)
effect <- c(0.8, -0.5, 0.1, 1.2, -0.9, 0.4, 0, -0.3, 0.6, -1.1, 0.2, 0.5, -0.7, 0.3)
data <- data.frame(site = site, pilot = pilot,
                   y = round(1 + 0.6 * pilot + effect[site] + ((i * i * 7 + i * 13) %% 41) / 10 - 2, 2))
write.csv(data, "tests/reference/data/regios.csv", row.names = FALSE, quote = FALSE)

reference <- function(formula, d) {
  fit <- lmer(formula, d, control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14)))
  v <- as.data.frame(VarCorr(fit))$vcov
  list(coef = I(as.numeric(fixef(fit))), se = I(as.numeric(sqrt(diag(as.matrix(vcov(fit)))))),
       between = v[1], within = v[2])
}
# Without anything between sites: each site has the same scores.
flat <- data.frame(site = rep(1:6, each = 5), y = rep(c(1, 2, 3, 4, 6), 6))
penicillin <- data.frame(site = Penicillin$plate, y = Penicillin$diameter)
write_reference(list(
  mean = reference(y ~ 1 + (1 | site), data),
  difference = reference(y ~ pilot + (1 | site), data),
  dyestuff = reference(Yield ~ 1 + (1 | Batch), Dyestuff),
  dyestuff2 = suppressMessages(reference(Yield ~ 1 + (1 | Batch), Dyestuff2)),
  penicillin = reference(y ~ 1 + (1 | site), penicillin),
  flat = suppressMessages(reference(y ~ 1 + (1 | site), flat))),
  "tests/reference/gemengd.json", "lme4")
