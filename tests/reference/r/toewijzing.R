# Two kinds of unit compared by all assignments, in base R: p by combn, bounds of the shift model by bisection.
# Run from the root:
#   Rscript tests/reference/r/toewijzing.R
# Writes tests/reference/toewijzing.json.
source("tests/reference/r/json.R")

p_of <- function(x, y, delta) {
  v <- c(x - delta, y)
  a <- length(x)
  seen <- abs(mean(x - delta) - mean(y))
  gaps <- apply(combn(length(v), a), 2, function(i) mean(v[i]) - mean(v[-i]))
  mean(abs(gaps) >= seen - 1e-9)
}

bound <- function(x, y, side) {
  inside <- mean(x) - mean(y)
  outside <- inside + side * 10 * diff(range(c(x, y)))
  for (i in 1:60) {
    middle <- (inside + outside) / 2
    if (p_of(x, y, middle) > 0.05) inside <- middle else outside <- middle
  }
  inside
}

case <- function(x, y) {
  list(first = x, second = y, gap = mean(x) - mean(y), p = p_of(x, y, 0),
       under = bound(x, y, -1), above = bound(x, y, 1))
}

weight <- function(feed, n) head(chickwts$weight[chickwts$feed == feed], n)
write_reference(list(
  shares = case(c(.46, .39, .39, .43, .37, .35, .42, .59, .26, .40, .44), c(.11, .38, .29)),
  chicks = case(weight("horsebean", 8), weight("linseed", 4)),
  even = case(weight("soybean", 5), weight("casein", 5)),
  ties = case(c(2, 3, 3, 4, 4, 4, 5), c(3, 4, 5, 5))
), "tests/reference/toewijzing.json", character(0))
