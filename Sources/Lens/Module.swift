// Lens
