# Power before data, in base R: noncentral t, power.t.test, power.prop.test, tables under Fisher's exact test,
# and regions in waves, put together one comparison at a time.
# Run from the root:
#   Rscript tests/reference/r/kracht.R
# Writes tests/reference/kracht.json.
source("tests/reference/r/json.R")

# Both sides, from the noncentral t of R.
t_power <- function(distance, df, level) {
  edge <- qt(1 - level / 2, df)
  pt(edge, df, ncp = distance, lower.tail = FALSE) + pt(-edge, df, ncp = distance)
}
distances <- c(0, 0.5, 1, 2, 2.8, 3.5, 5, 8)

fisher_power <- function(p1, p2, n, m) {
  total <- 0
  for (a in 0:n) for (b in 0:m) {
    p <- fisher.test(matrix(c(a, n - a, b, m - b), 2))$p.value
    if (p <= 0.05) total <- total + dbinom(a, n, p1) * dbinom(b, m, p2)
  }
  total
}

# Regions that start in waves: by wave the mean over periods since its start of its change since the period
# before, less that of `compared` regions; then over waves by their regions. Put together region by region,
# with the variance under regions that keep rho of what they differ.
waves <- function(sizes, others, periods, tau, rho, household) {
  begin <- c(rep(seq_along(sizes), sizes), rep(Inf, others)) + 1
  row <- matrix(0, length(begin), periods)
  told <- 0
  for (g in unique(begin[is.finite(begin) & begin <= periods])) {
    own <- which(begin == g)
    cells <- list()
    for (t in g:periods) {
      compared <- if (others >= 2) which(is.infinite(begin)) else which(begin > t)
      if (length(compared) == 0) next
      one <- matrix(0, length(begin), periods)
      for (i in own) {
        one[i, t] <- one[i, t] + 1 / length(own)
        one[i, g - 1] <- one[i, g - 1] - 1 / length(own)
      }
      for (i in compared) {
        one[i, t] <- one[i, t] - 1 / length(compared)
        one[i, g - 1] <- one[i, g - 1] + 1 / length(compared)
      }
      cells[[length(cells) + 1]] <- one
    }
    if (length(cells) == 0) next
    row <- row + length(own) * Reduce(`+`, cells) / length(cells)
    told <- told + length(own)
  }
  row <- as.vector(t(row / told))
  block <- tau^2 * ((1 - rho) * diag(periods) + rho) + household * diag(periods)
  v <- kronecker(diag(length(begin)), block)
  list(sizes = I(sizes), others = others, periods = periods, tau = tau, rho = rho, household = household,
       error = sqrt(as.numeric(t(row) %*% v %*% row)))
}

two_shares <- function(n, p) power.prop.test(n = n, p1 = p, power = 0.8, strict = TRUE, tol = 1e-10)$p2
write_reference(list(
  t_12 = list(distance = distances, df = 12, level = 18 / 364, power = t_power(distances, 12, 18 / 364)),
  t_2 = list(distance = distances, df = 2, level = 0.05, power = t_power(distances, 2, 0.05)),
  t_90 = list(distance = distances, df = 90, level = 0.05, power = t_power(distances, 90, 0.05)),
  two_samples = list(n = 7, sd = 0.08, delta = 0.1,
                     power = power.t.test(n = 7, delta = 0.1, sd = 0.08, strict = TRUE)$power),
  change = list(n = c(21, 103), chance = 0.8, delta = sapply(c(21, 103), function(n)
    power.t.test(n = n, power = 0.8, type = "paired", strict = TRUE, tol = 1e-10)$delta)),
  shares = list(n = c(21, 103, 400), base = 0.35,
                other = sapply(c(21, 103, 400), two_shares, p = 0.35)),
  fisher = list(n = 12, m = 9, first = c(0.35, 0.5, 0.8, 0.95), second = 0.35,
                power = sapply(c(0.35, 0.5, 0.8, 0.95), fisher_power, p2 = 0.35, n = 12, m = 9)),
  waves_443 = waves(c(4, 4, 3), 3, 4, 0.05, 0.5, 0.00225),
  waves_alone = waves(c(4, 4, 3), 0, 6, 0.1, 0.8, 0.001),
  waves_two = waves(c(2, 3), 4, 3, 0.03, 0, 0.004)
), "tests/reference/kracht.json", character(0))
