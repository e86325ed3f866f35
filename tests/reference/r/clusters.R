# Regression with clusters: CR0, CR1 and CR2 by clubSandwich, and the wild cluster bootstrap with every sign in
# base R: each bootstrap sample is a new outcome that is fitted again by lm. Run from the root:
#   Rscript tests/reference/r/clusters.R
# Writes tests/reference/clusters.json and tests/reference/data/clusters.csv.
suppressMessages(library(clubSandwich))
source("tests/reference/r/json.R")

state <- 2026
draw <- function() {
  state <<- (1103515245 * state + 12345) %% 2^31
  state / 2^31
}
start <- c(2, 2, 2, 2, 4, 4, 4, 4, 5, 5, 5, 99, 99, 99)
d <- expand.grid(t = 0:7, region = 1:14)
d$x <- as.numeric(d$t >= start[d$region])
d$n <- c(40, 200, 120, 60, 90, 30, 150, 80, 70, 110, 50, 100, 45, 130)[d$region] + 3 * d$t
level <- vapply(1:14, function(i) 6 * draw(), 0)
d$y <- round(20 + level[d$region] + 0.4 * d$t - 1.2 * d$x + vapply(seq_len(nrow(d)), function(i) 4 * draw(), 0), 4)
d$seen <- as.numeric(vapply(seq_len(nrow(d)), function(i) draw(), 0) > 0.12)
write.csv(d, "tests/reference/data/clusters.csv", row.names = FALSE, quote = FALSE)

robust <- function(fit, cluster, coef) {
  of <- function(type) sqrt(diag(vcovCR(fit, cluster = cluster, type = type)))[[coef]]
  test <- coef_test(fit, vcov = vcovCR(fit, cluster = cluster, type = "CR2"), test = "Satterthwaite")
  at <- match(coef, names(coef(fit)[!is.na(coef(fit))]))
  list(effect = coef(fit)[[coef]], CR0 = of("CR0"), CR1 = of("CR1"), CR2 = of("CR2"),
       df = test$df_Satt[at], p = test$p_Satt[at])
}
panel <- lm(y ~ x + factor(region) + factor(t), d)
some <- d[d$seen == 1, ]
holes <- lm(y ~ x + factor(region) + factor(t), some)
weighed <- lm(y ~ x + factor(region) + factor(t), some, weights = n)
last <- d[d$t == 7, ]
rows <- d[d$t >= 5, ]
rows$ever <- as.numeric(rows$region <= 11)
kinds <- lm(y ~ ever + n, rows)
one <- d[d$region %in% c(1, 12, 13, 14), ]
single <- lm(y ~ x + factor(region) + factor(t), one)

# Every sign for every region, the effect taken off by imposing it.
boot <- function(data, nulls) {
  g <- factor(data$region)
  full <- function(y) {
    fit <- lm(y ~ data$x + g + factor(data$t))
    # Scores of the partialled treatment, by region.
    part <- resid(lm(data$x ~ g + factor(data$t)))
    c(coef(fit)[[2]], sqrt(sum(rowsum(part * resid(fit), g)^2)) / sum(part^2))
  }
  signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), nlevels(g))))
  vapply(nulls, function(b) {
    under <- lm(I(data$y - b * data$x) ~ g + factor(data$t))
    seen <- full(data$y - b * data$x)
    drawn <- apply(signs, 1, function(v) {
      new <- full(fitted(under) + v[as.integer(g)] * resid(under))
      new[1] / new[2]
    })
    mean(abs(drawn) >= abs(seen[1] / seen[2]) * (1 - 1e-9))
  }, 0)
}
few <- d[d$region %in% c(1, 5, 6, 9, 12, 13, 14), ]
nulls <- c(-3, -2, -1, 0, 0.5, 1)
write_reference(list(
  paneel = robust(panel, d$region, "x"),
  gaten = robust(holes, some$region, "x"),
  gewogen = robust(weighed, some$region, "x"),
  soorten = robust(kinds, rows$region, "ever"),
  enkel = robust(single, one$region, "x"),
  tekens = list(regio = I(c(1, 5, 6, 9, 12, 13, 14)), nul = nulls, p = boot(few, nulls),
                p_gaten = boot(few[few$seen == 1, ], nulls))
), "tests/reference/clusters.json", "clubSandwich")
