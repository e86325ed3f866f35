# Reference values for interrupted time series, by glm and lm of base R, and the errors of sandwich and
# clubSandwich. From the root:
#   Rscript tests/reference/r/reeks.R
# Writes tests/reference/reeks.json. The series are made here without chance, so that every machine has the same.
suppressMessages({library(sandwich); library(clubSandwich)})
source("tests/reference/r/json.R")

n <- 40
s <- 24
t <- 0:(n - 1)
rel <- t - s
later <- as.integer(rel >= 0)
exposure <- 200 + 3 * t + (t * 7) %% 11
wobble <- ((t * t * 7 + t * 13) %% 17) - 8
count <- round(exposure * exp(-2.3 + 0.006 * t - 0.25 * later + 0.15 * sin(2 * pi * t / 12)) + 2 * wobble)
angle <- function(k) cbind(sin(2 * pi * k * t / 12), cos(2 * pi * k * t / 12))
season <- cbind(angle(1), angle(2))

# The lag of Newey and West: floor(4 (T / 100)^(2/9)).
lag <- floor(4 * (n / 100)^(2 / 9))
errors <- function(fit, i) {
  robust <- NeweyWest(fit, lag = lag, prewhite = FALSE, adjust = TRUE)
  list(coef = I(as.numeric(coef(fit)[i])), model = I(as.numeric(sqrt(diag(vcov(fit)))[i])),
       newey_west = I(as.numeric(sqrt(diag(robust))[i])),
       phi = sum(residuals(fit, "pearson")^2) / fit$df.residual)
}
one <- glm(count ~ rel + later + later:rel + season, family = poisson, offset = log(exposure),
           control = glm.control(epsilon = 1e-14))
plain <- glm(count ~ rel + later, family = poisson, offset = log(exposure), control = glm.control(epsilon = 1e-14))
# A slope by product stands last.
order <- c(2, 3, length(coef(one)))

# Means with a known variance: weights, and a scale that is known to be 1.
v <- 0.5 + ((t * 5) %% 7) / 4
y <- round(10 + 0.05 * t - 1.5 * later + wobble / 6, 2)
mean_fit <- lm(y ~ rel + later + later:rel, weights = 1 / v)
known <- sqrt(diag(vcov(mean_fit))) / summary(mean_fit)$sigma
e <- residuals(plain, "pearson")

# Five sites that started in two waves, and three that did not; stacks by start, errors by site.
sites <- expand.grid(t = t, i = 1:8)
start <- c(20, 20, 26, 26, 26, Inf, Inf, Inf)
sites$s <- start[sites$i]
sites$e <- 80 + 10 * sites$i + (sites$t * sites$i) %% 7
late <- as.integer(sites$t >= sites$s)
sites$y <- round(sites$e * exp(-1.6 + 0.08 * sites$i - 0.004 * sites$t - 0.2 * late) +
                 ((sites$t^2 * sites$i + 5 * sites$t) %% 13) - 6)
cycle <- function(d) cbind(sin(2 * pi * d$t / 12), cos(2 * pi * d$t / 12))
# In rows weighted by the root of the working weight, where the working model has one variance. (Of a glm itself
# clubSandwich takes another root of the same matrix, which is as unbiased and a percent or so different.)
by_site <- function(fit, d, i) {
  root <- sqrt(fit$weights)
  rows <- model.matrix(fit) * root
  z <- as.numeric(rows %*% coef(fit) + root * residuals(fit, "working"))
  weighted <- lm(z ~ 0 + rows)
  test <- coef_test(weighted, vcov = vcovCR(weighted, cluster = d$i, type = "CR2"), test = "Satterthwaite")
  list(coef = I(as.numeric(coef(fit)[i])), regio = I(test$SE[i]), df = I(test$df[i]),
       model = I(as.numeric(sqrt(diag(vcov(fit)))[i])), phi = sum(residuals(fit, "pearson")^2) / fit$df.residual)
}
together <- function(starts) {
  d <- do.call(rbind, lapply(starts, function(w) {
    part <- sites[sites$s == w | is.infinite(sites$s), ]
    part$w <- w
    part
  }))
  d$pilot <- as.integer(is.finite(d$s))
  d$rel <- d$t - d$w
  d$post <- as.integer(d$rel >= 0)
  d$line <- sapply(starts, function(w) as.integer(d$w == w))
  d$own <- factor(paste(d$w, d$i))
  fit <- glm(y ~ 0 + I(pilot * post) + I(pilot * post * rel) + own + line:rel + line:I(pilot * rel) +
               line:post + line:I(post * rel) + cycle(d), family = poisson, offset = log(e), data = d,
             control = glm.control(epsilon = 1e-14))
  beside <- grep(":post$", names(coef(fit)))
  c(by_site(fit, d, 1:2), list(beside = I(as.numeric(coef(fit)[beside]))))
}
own <- sites[is.finite(sites$s), ]
own$late <- as.integer(own$t >= own$s)
alone <- glm(y ~ 0 + late + I(late * (t - s)) + factor(i) + t + cycle(own), family = poisson, offset = log(e),
             data = own, control = glm.control(epsilon = 1e-14))

write_reference(list(
  n = n, start = s, exposure = exposure, count = count, y = y, v = v,
  seizoen = errors(one, order), vlak = errors(plain, 2:3),
  gemiddelde = c(errors(mean_fit, 2:4), list(known = I(as.numeric(known[2:4])))),
  box = as.numeric(Box.test(e, lag = 6, type = "Ljung-Box")$statistic),
  box_p = Box.test(e, lag = 6, type = "Ljung-Box")$p.value,
  acf = as.numeric(acf(e, lag.max = 6, plot = FALSE, demean = FALSE)$acf)[-1],
  durbin_watson = sum(diff(e)^2) / sum(e^2),
  sites = sites$y, sites_exposure = sites$e, sites_start = ifelse(is.finite(start), start, NA),
  samen = together(c(20, 26)), golf = together(20), zonder = by_site(alone, own, 1:2)),
  "tests/reference/reeks.json", c("sandwich", "clubSandwich"))
