"""Policy gradient: returns and advantages, rollouts, the optimizer step, evaluation, and the trainer."""
