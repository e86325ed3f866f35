# Reference values for proportional hazards. Run from the root of the project:
#   Rscript tests/reference/r/cox.R
# Writes tests/reference/cox.json and tests/reference/data/cox_*.csv, made here by formula.
# survival::coxph (Efron) with strata() and cluster(); survival::cox.zph, transforms km and identity.
suppressMessages(library(survival))
source("tests/reference/r/json.R")

# The limits of coxph are set tight, so that rounding does not come from stopping early.
control <- coxph.control(eps = 1e-12, iter.max = 60, toler.chol = 1e-14)

reference <- function(formula, data, zph = TRUE) {
  # cox.zph looks for `data` where the formula was made.
  environment(formula) <- environment()
  fit <- coxph(formula, data, ties = "efron", control = control)
  uit <- list(n = fit$n, events = fit$nevent, coef = I(unname(coef(fit))), se = I(unname(sqrt(diag(fit$var)))),
              naive = I(unname(sqrt(diag(if (is.null(fit$naive.var)) fit$var else fit$naive.var)))), loglik = I(fit$loglik))
  if (zph) {
    # Without cluster(): the test does not use it.
    for (transform in c("km", "identity")) {
      table <- cox.zph(fit, transform = transform)$table
      uit[[transform]] <- I(as.vector(t(table[, c("chisq", "df")])))
    }
  }
  uit
}

i <- 1:150
late <- data.frame(start = ifelse(i %% 3 == 0, (i * 11) %% 19, 0), x = (i * 7) %% 5, z = as.integer(i %% 4 == 1),
                   site = (i * i) %% 13, stratum = (i %/% 11) %% 3)
late$stop <- late$start + 1 + (i * i * 7 + i * 3 + 5 * late$x) %% 41
late$event <- as.integer((i * i + i %/% 3) %% 3 > 0)
write.csv(late, "tests/reference/data/cox_late.csv", row.names = FALSE, quote = FALSE)

# Few different rows with counts; R sees them one by one.
counts <- expand.grid(stop = c(5, 10, 15, 20), event = 0:1, x = 0:1, site = 1:6)
j <- seq_len(nrow(counts))
counts$n <- 1 + (j * j * 5 + j * 3 + 7 * counts$x * counts$event * (20 - counts$stop)) %% 23
write.csv(counts, "tests/reference/data/cox_counts.csv", row.names = FALSE, quote = FALSE)
single <- counts[rep(j, counts$n), ]

lung$event <- as.integer(lung$status == 2)
veteran$squamous <- as.integer(veteran$celltype == "squamous")
entries <- list(
  lung = reference(Surv(time, event) ~ age + sex + ph.ecog, lung),
  lung_institution = reference(Surv(time, event) ~ age + sex + ph.ecog + cluster(inst), lung, zph = FALSE),
  lung_strata = reference(Surv(time, event) ~ age + ph.ecog + strata(sex), lung),
  veteran = reference(Surv(time, status) ~ karno + age + squamous, veteran),
  late = reference(Surv(start, stop, event) ~ x + z, late),
  late_site = reference(Surv(start, stop, event) ~ x + z + strata(stratum) + cluster(site), late, zph = FALSE),
  late_strata = reference(Surv(start, stop, event) ~ x + z + strata(stratum), late),
  counts = reference(Surv(stop, event) ~ x + cluster(site), single, zph = FALSE),
  counts_model = reference(Surv(stop, event) ~ x, single))
write_reference(entries, "tests/reference/cox.json", "survival")
