# Reference values for networks, by igraph, on three of them: Zachary's karate club (igraph's own), the
# Davis women who went to the same events (data/netwerk_davis.csv: een woman, twee event), and a random
# network in two parts.
#   Rscript tests/reference/r/netwerk.R
# Writes tests/reference/netwerk.json and the ties of the first and last in data/netwerk_*.csv.
suppressMessages(library(igraph))
source("tests/reference/r/json.R")

save_ties <- function(g, name) {
  ties <- as_edgelist(g, names = FALSE)
  colnames(ties) <- c("een", "twee")
  write.csv(ties - 1, paste0("tests/reference/data/netwerk_", name, ".csv"), row.names = FALSE)
}
measures <- function(g, group) {
  list(
    dichtheid = edge_density(g), transitiviteit = transitivity(g, type = "global"),
    afstand = mean_distance(g), delen = I(sort(components(g)$csize, decreasing = TRUE)),
    graad = I(degree(g)), tussen = I(betweenness(g, directed = FALSE, weights = NA)),
    nabij = I(closeness(g, normalized = TRUE, weights = NA)),
    centralisatie_graad = centr_degree(g, loops = FALSE)$centralization,
    centralisatie_tussen = centr_betw(g, directed = FALSE)$centralization,
    groep = I(group), modulariteit = modularity(g, group),
    driehoeken = sum(count_triangles(g)) / 3
  )
}
club <- make_graph("Zachary")
save_ties(club, "karate")

davis <- read.csv("tests/reference/data/netwerk_davis.csv")
two <- graph_from_data_frame(davis, directed = FALSE)
V(two)$type <- V(two)$name %in% davis$twee
women <- bipartite_projection(two, multiplicity = TRUE, which = "false")
# In alphabetical order, as factorising the names gives it.
order_women <- order(order(V(women)$name, method = "radix"))
women <- permute(women, order_women)

set.seed(11)
chance <- disjoint_union(sample_gnp(40, 0.12), sample_gnp(12, 0.3))
save_ties(chance, "toeval")

entries <- list(
  karate = measures(club, rep(1:2, length.out = vcount(club))),
  davis = c(measures(delete_edge_attr(women, "weight"), rep(1:3, length.out = vcount(women))),
            list(gedeeld = I(sort(E(women)$weight)), banden = ecount(two), dichtheid_tweezijdig = ecount(two) / (18 * 14))),
  toeval = measures(chance, rep(1:4, length.out = vcount(chance)))
)
write_reference(entries, "tests/reference/netwerk.json", "igraph")
