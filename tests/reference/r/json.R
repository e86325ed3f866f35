# Writes nested named lists as JSON with 15 significant digits; NA and NaN become null.
to_json <- function(x) {
  if (is.list(x)) {
    if (is.null(names(x))) return(paste0("[", paste(vapply(x, to_json, ""), collapse = ", "), "]"))
    parts <- vapply(names(x), function(k) paste0('"', k, '": ', to_json(x[[k]])), "")
    return(paste0("{", paste(parts, collapse = ", "), "}"))
  }
  if (is.character(x)) {
    values <- paste0('"', x, '"')
  } else {
    values <- ifelse(is.na(x), "null", sprintf("%.15g", as.numeric(x)))
  }
  if (length(x) == 1 && !inherits(x, "AsIs")) values else paste0("[", paste(values, collapse = ", "), "]")
}

# One line per entry, so that a change shows which number moved.
write_reference <- function(entries, path, packages) {
  versions <- c(R = paste(R.version$major, R.version$minor, sep = "."),
                vapply(packages, function(p) as.character(packageVersion(p)), ""))
  all <- c(list(versies = as.list(versions)), entries)
  lines <- vapply(names(all), function(k) paste0('  "', k, '": ', to_json(all[[k]])), "")
  writeLines(c("{", paste(lines, collapse = ",\n"), "}"), path)
}
