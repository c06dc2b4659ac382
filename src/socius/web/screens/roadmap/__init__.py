"""The roadmap of two to three years: order, schedule, what-if, what will not be done."""
