"""Who agreed to a change, who made it, and who holds which role: one module or folder per source of approvals."""
