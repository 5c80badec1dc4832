"""The conversation as it is read: questions, streaming answers, selection and copy."""
