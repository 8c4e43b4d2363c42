"""Learning to act by policy gradient: returns and advantages, the step, the play of episodes, the trainer."""
