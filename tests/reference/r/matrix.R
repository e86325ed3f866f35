# Reference values for items and raters, by psych (alpha, ICC), lavaan (omega) and base R (aov, factanal).
#   Rscript tests/reference/r/matrix.R
# Writes tests/reference/matrix.json and tests/reference/data/items_*.csv.
suppressMessages({library(psych); library(lavaan)})
source("tests/reference/r/json.R")

set.seed(7)
scale_of <- function(n, loadings, noise) {
  factor <- rnorm(n)
  x <- sapply(seq_along(loadings), function(j) 5.5 + 0.3 * j + loadings[j] * factor + noise[j] * rnorm(n))
  x <- as.data.frame(pmin(pmax(round(x), 1), 10))
  names(x) <- paste0("i", seq_along(loadings))
  x
}
data <- list(
  vier = scale_of(120, c(1.4, 1.2, 1.0, 1.3), c(1.2, 1.3, 1.4, 1.1)),
  drie = scale_of(60, c(1.5, 0.8, 1.1), c(1.0, 1.3, 1.2)),
  zeven = scale_of(300, seq(0.5, 1.7, 0.2), rep(1.3, 7)),
  twee = scale_of(45, c(1.2, 1.2), c(0.9, 1.0)))

# alpha and its interval (Feldt) by psych; the same alpha from the two-way analysis of variance.
alphas <- lapply(data, function(x) {
  f <- alpha.ci(psych::alpha(x, warnings = FALSE)$total$raw_alpha, n.obs = nrow(x), n.var = ncol(x))
  c(f$alpha, f$lower.ci, f$upper.ci)
})
long <- function(x) data.frame(y = unlist(x), unit = factor(rep(seq_len(nrow(x)), ncol(x))),
                               item = factor(rep(seq_len(ncol(x)), each = nrow(x))))
errors <- lapply(data, function(x) {
  a <- summary(aov(y ~ unit + item, long(x)))[[1]]
  ms <- a[["Mean Sq"]][3]; df <- a[["Df"]][3]; k <- ncol(x)
  stopifnot(abs((1 - ms / a[["Mean Sq"]][1]) - psych::alpha(x, warnings = FALSE)$total$raw_alpha) < 1e-8)
  sem <- sd(rowMeans(x)) * sqrt(ms / a[["Mean Sq"]][1])
  c(sem, sem * sqrt(df / qchisq(c(0.975, 0.025), df)))
})
iccs <- lapply(data, function(x) {
  r <- psych::ICC(x, lmer = FALSE)$results["Single_random_raters", ]
  c(r[["ICC"]], r[["lower bound"]], r[["upper bound"]])
})
omegas <- lapply(data[c("vier", "drie", "zeven")], function(x) {
  l <- paste0("l", seq_along(x)); e <- paste0("e", seq_along(x))
  model <- paste0("f =~ ", paste(paste0(l, "*", names(x)), collapse = " + "), "\n",
    paste(paste0(names(x), " ~~ ", e, "*", names(x)), collapse = "\n"),
    "\nomega := (", paste(l, collapse = "+"), ")^2 / ((", paste(l, collapse = "+"), ")^2 + ",
    paste(e, collapse = "+"), ")")
  fit <- cfa(model, x, std.lv = TRUE, likelihood = "wishart", information = "expected")
  stopifnot(lavInspect(fit, "converged"))
  p <- parameterEstimates(fit); o <- p[p$label == "omega", ]
  # The same from factanal, on the standard deviations of the items.
  f <- factanal(x, 1, rotation = "none", control = list(opt = list(factr = 1e5)))
  s <- sapply(x, sd); load <- sum(f$loadings * s)^2
  c(o$est, o$se, load / (load + sum(f$uniquenesses * s^2)))
})
entries <- list(alfa = alphas, meetfout = errors, icc = iccs, omega = omegas,
                eenheden = lapply(data, nrow))
for (k in names(data)) {
  write.csv(data[[k]], paste0("tests/reference/data/items_", k, ".csv"), row.names = FALSE, quote = FALSE)
}
write_reference(entries, "tests/reference/matrix.json", c("psych", "lavaan"))
