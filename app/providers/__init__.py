"""Who answers: one provider for each kind of endpoint, all behind one protocol."""
