# Reference values for the BCG trials by metafor: as published, with its default stop, and at the optimum. Run
# from the root:
#   Rscript tests/reference/r/meta.R
# Writes tests/reference/meta.json.
suppressMessages(library(metafor))
source("tests/reference/r/json.R")

bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
combined <- function(method, test = "knha", ...) {
  fit <- rma(yi, vi, data = bcg, method = method, test = test, ...)
  p <- predict(fit)
  list(mu = as.numeric(coef(fit)), se = fit$se, tau2 = fit$tau2, i2 = fit$I2, q = fit$QE,
       ci = c(fit$ci.lb, fit$ci.ub), pi = c(p$pi.lb, p$pi.ub))
}
# A stop at a step of 1e-5 is metafor's default, and what is published; at 1e-10 the optimum is reached.
one_less <- leave1out(rma(yi, vi, data = bcg, method = "REML", test = "adhoc", control = list(threshold = 1e-12)))
write_reference(list(y = as.numeric(bcg$yi), v = as.numeric(bcg$vi),
                     standaard = combined("REML"),
                     optimum = combined("REML", control = list(threshold = 1e-10)),
                     dl = combined("DL"), ee = combined("EE", test = "z"),
                     zonder = list(mu = one_less$estimate, ondergrens = one_less$ci.lb, bovengrens = one_less$ci.ub,
                                   tau2 = one_less$tau2)),
                "tests/reference/meta.json", c("metafor", "metadat"))
