"""The waist: what leaves is drawn here, once; everything behind it is arithmetic on published counts."""
