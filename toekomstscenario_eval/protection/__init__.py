"""The place of the waist: what leaves is drawn here, once. Until it stands, `disclosure` decides."""
