# Reference values for sites in regions, by metafor::rma.mv (known variances) and lme4::lmer (rows). From the root:
#   Rscript tests/reference/r/drie_niveaus.R
# Writes tests/reference/drie_niveaus.json.
suppressMessages({library(metafor); library(lme4)})
source("tests/reference/r/json.R")

known <- function(y, v, region, pilot = NULL) {
  d <- data.frame(y = y, v = v, region = region, site = seq_along(y))
  if (!is.null(pilot)) d$pilot <- pilot
  mods <- if (is.null(pilot)) ~ 1 else ~ pilot
  fit <- rma.mv(y, v, mods = mods, random = ~ 1 | region/site, data = d, test = "t", dfs = "contain",
                control = list(optimizer = "Nelder-Mead", reltol = 1e-14, maxit = 5000))
  u <- ranef(fit)[[1]]
  u <- u[order(rownames(u)), ]
  list(y = y, v = v, region = as.character(region), pilot = if (is.null(pilot)) NA else pilot,
       coef = I(as.numeric(coef(fit))), se = I(as.numeric(fit$se)), sigma2 = as.numeric(fit$sigma2),
       ci = c(fit$ci.lb[1], fit$ci.ub[1]), ranef = as.numeric(u$intrcpt), loglik = as.numeric(logLik(fit)))
}
schools <- metadat::dat.konstantopoulos2011
# Regions that do not differ beyond their sites, and sites that do not differ within a region.
i <- 1:12
region <- letters[c(1, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 6)]
flat <- c(0.4, -0.5, 0.1, 0.6, -0.4, -0.6, 0.5, 0.2, -0.4, 0.3, -0.1, 0.1)
apart <- c(-1, -1, -0.9, 0, 0.1, 0.9, 1, 0.4, 0.4, 0.5, -0.6, 0.7)
v <- 0.01 + (i %% 4) / 50

rows <- function(formula, d) {
  fit <- lmer(formula, d, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10)))
  vc <- as.data.frame(VarCorr(fit))
  pick <- function(g) vc$vcov[vc$grp == g]
  key <- paste(d$region, d$site)
  sums <- function(f) as.numeric(tapply(d$y, key, f))
  list(n = sums(length), total = sums(sum), square = sums(function(y) sum(y^2)),
       region = as.character(tapply(as.character(d$region), key, function(k) k[1])),
       pilot = as.numeric(tapply(d$pilot, key, function(k) k[1])),
       coef = I(as.numeric(fixef(fit))), se = I(as.numeric(sqrt(diag(as.matrix(vcov(fit)))))),
       regions = pick("region"), sites = pick("site:region"), within = pick("Residual"),
       loglik = as.numeric(logLik(fit)), ranef = ranef(fit)$region[[1]])
}
pastes <- data.frame(region = Pastes$batch, site = Pastes$cask, y = Pastes$strength, pilot = 1)
j <- 1:400
house <- data.frame(j = j, s = 1 + (j * j + 3 * j) %% 17)
house$region <- letters[1 + house$s %% 7]
house$site <- house$s
house$pilot <- as.integer(house$region %in% c("a", "c", "d", "f"))
effect <- c(0.8, -0.5, 0.1, 1.2, -0.9, 0.4, 0, -0.3, 0.6, -1.1, 0.2, 0.5, -0.7, 0.3, 0.9, -0.2, 0.1)
step <- c(a = 0.5, b = -0.8, c = 0.1, d = 1.1, e = 0.4, f = -0.6, g = -0.2)
house$y <- round(2 + 0.7 * house$pilot + effect[house$s] + 1.5 * step[house$region] + ((j * j * 7 + j * 13) %% 41) / 10, 2)
write_reference(list(
  scholen = known(schools$yi, schools$vi, schools$district),
  geen_regio = known(flat, v, region), geen_binnen = known(apart, v * 2, region),
  met_proeftuin = known(apart + 0.3 * flat, v, region, as.integer(region %in% c("a", "c", "f"))),
  rijen_pastes = rows(y ~ 1 + (1 | region/site), pastes),
  rijen_gezin = rows(y ~ pilot + (1 | region/site), house),
  rijen_gemiddelde = rows(y ~ 1 + (1 | region/site), house)),
  "tests/reference/drie_niveaus.json", c("metafor", "metadat", "lme4"))
