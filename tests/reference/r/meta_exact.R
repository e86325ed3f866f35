# Reference values for sites together by the exact likelihood of their counts: lme4::glmer with adaptive
# quadrature, and metafor::rma.glmm, which rests on it. Run from the root:
#   Rscript tests/reference/r/meta_exact.R
# Writes tests/reference/meta_exact.json.
suppressMessages({library(metafor); library(lme4)})
source("tests/reference/r/json.R")

# Rare events, some sites without any; sites without any difference between them; sites far apart; nosocomial
# infections and coverage of metadat, of which many have no event.
rare <- list(x = c(0, 3, 1, 0, 4, 2, 0, 5, 1, 9, 0), n = c(18, 40, 61, 9, 103, 88, 55, 70, 64, 120, 12))
same <- list(x = c(2, 4, 3, 5, 2), n = c(20, 41, 30, 48, 22))
apart <- list(x = c(0, 30, 2, 55, 12, 8), n = c(40, 50, 45, 60, 52, 8))
exact <- function(d, family, points = 21) {
  d <- data.frame(x = d$x, n = d$n, i = factor(seq_along(d$x)))
  control <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
  with_mu <- function(mu = NULL) {
    d$base <- (if (is.null(mu)) 0 else mu) + (if (family == "binomial") 0 else log(d$n))
    formula <- paste(if (family == "binomial") "cbind(x, n - x)" else "x", "~ offset(base) +",
                     if (is.null(mu)) "1" else "0", "+ (1 | i)")
    suppressMessages(glmer(as.formula(formula), d, family = family, nAGQ = points, control = control))
  }
  fit <- with_mu()
  mu <- as.numeric(fixef(fit))
  out <- list(x = d$x, n = d$n, mu = mu, se = as.numeric(sqrt(vcov(fit)[1, 1])),
              tau = as.numeric(getME(fit, "theta")), modes = mu + ranef(fit)$i[[1]])
  # The profile itself, by a fit with each mu: confint() interpolates between a few.
  top <- as.numeric(logLik(fit))
  down <- function(m) top - as.numeric(logLik(with_mu(m))) - qchisq(0.95, 1) / 2
  c(out, list(ci = c(uniroot(down, mu - c(6 * out$se, 0), tol = 1e-8)$root,
                     uniroot(down, mu + c(0, 6 * out$se), tol = 1e-8)$root)))
}
noso <- metadat::dat.nielweise2008
glmm <- rma.glmm(measure = "IRLN", xi = x2i, ti = t2i, data = noso, nAGQ = 21)
plo <- rma.glmm(measure = "PLO", xi = rare$x, ni = rare$n, nAGQ = 21)
write_reference(list(
  binomiaal_zeldzaam = exact(rare, "binomial"), binomiaal_gelijk = exact(same, "binomial"),
  binomiaal_ver_uiteen = exact(apart, "binomial", 100), poisson_zeldzaam = exact(rare, "poisson"),
  poisson_nielweise = exact(list(x = noso$x2i, n = noso$t2i), "poisson"),
  poisson_nulcellen = exact(list(x = noso$x1i, n = noso$t1i), "poisson"),
  metafor_poisson = list(x = noso$x2i, n = noso$t2i, mu = as.numeric(coef(glmm)), se = glmm$se, tau2 = glmm$tau2),
  metafor_binomiaal = list(x = rare$x, n = rare$n, mu = as.numeric(coef(plo)), se = plo$se, tau2 = plo$tau2)),
  "tests/reference/meta_exact.json", c("lme4", "metafor", "metadat"))
