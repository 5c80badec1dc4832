"""Who answers, and how it is asked."""
