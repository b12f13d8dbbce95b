"""What is held about people: personal details in texts, export and erasure, the audit log, who changed what."""
