"""What people may send: candidates (`sittings`) and reviewers."""
